import type { Db, Tx } from './database.ts'
import type { Turnstile } from './turnstile.ts'

/** The transaction of one request, or of one job: there is none until somebody begins it, and then exactly one. */
export interface RequestTransaction {
  begin(): Promise<Tx>
  /** The database, as long as nobody has begun. */
  alone(): Db | undefined
  afterCommit(action: () => void): void
  /** Commits what was begun, then runs the actions; `onError` hears of those that throw. */
  commit(onError: (error: unknown) => void): Promise<void>
  rollback(): Promise<void>
}

export function requestTransaction(db: Db, gate: Turnstile): RequestTransaction {
  let opened: OpenTransaction | undefined
  let actions: (() => void)[] | undefined
  return {
    begin() {
      opened ??= open(db, gate)
      return opened.tx
    },
    alone: () => (opened === undefined ? db : undefined),
    afterCommit(action) {
      actions ??= []
      actions.push(action)
    },
    async commit(onError) {
      await opened?.end('commit')
      for (const action of actions ?? []) {
        try {
          action()
        } catch (error) {
          onError(error)
        }
      }
    },
    async rollback() {
      // What fails here failed before, or the connection broke: then the server rolls back by itself.
      await opened?.end('rollback').catch(() => {})
    },
  }
}

interface OpenTransaction {
  readonly tx: Promise<Tx>
  end(how: 'commit' | 'rollback'): Promise<void>
}

/**
 * Kysely's transaction with a callback, held open until `end`. Its controlled transactions would do, but keep the
 * connection for ever when a rollback fails.
 */
function open(db: Db, gate: Turnstile): OpenTransaction {
  let decide: (how: 'commit' | 'rollback') => void = () => {}
  const decided = new Promise<'commit' | 'rollback'>(resolve => {
    decide = resolve
  })
  let over: Promise<void> = Promise.resolve()
  const tx = new Promise<Tx>((resolve, reject) => {
    over = gate.enter().then(async () => {
      try {
        await db.transaction().execute(async begun => {
          resolve(begun)
          if ((await decided) === 'rollback') throw rolledBack
        })
      } finally {
        gate.leave()
      }
    })
    over.catch(reject) // it did not begin; once it has, this does nothing
  })
  return {
    tx,
    end(how) {
      decide(how)
      return over
    },
  }
}

const rolledBack = new Error('rolled back')
