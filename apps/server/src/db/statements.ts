import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type pg from 'pg'
import { noteQuery } from './query-log.ts'

/** A text is named at this use: what is sent once (a list of other length each time) shall not use up the names. */
const usesBeforeNaming = 3
/** Each name is a plan in the memory of each connection's server process. */
const maxNames = 400
const maxCandidates = 2_000

const preparable = /^\s*(select|insert|update|delete|with)\b/i

/** The code of "cached plan must not change result type": a migration changed a table below a prepared `select *`. */
const staleStatement = '0A000'

/** Gives SQL texts the names under which connections keep them prepared. The same text always has the same name. */
export function statementNames(): (text: string) => string | undefined {
  const names = new Map<string, string>()
  let candidates = new Map<string, number>()
  return text => {
    const known = names.get(text)
    if (known !== undefined || names.size >= maxNames || !preparable.test(text)) return known
    const uses = (candidates.get(text) ?? 0) + 1
    if (uses < usesBeforeNaming) {
      if (candidates.size >= maxCandidates) candidates = new Map()
      candidates.set(text, uses)
      return undefined
    }
    candidates.delete(text)
    const name = `s${names.size}`
    names.set(text, name)
    return name
  }
}

export interface PreparingPool extends PostgresPool {
  /**
   * Runs one statement outside of transactions. Past Kysely's executor, plugins and log and without a promise for each
   * step, which cost more than pg itself. A connection on which it fails is closed.
   */
  run(text: string, values: readonly unknown[]): Promise<pg.QueryResult>
}

/**
 * The pool as Kysely wants it, whose clients send repeated statements as prepared ones, which Kysely cannot say: the
 * server then parses each once a connection (measured +14 % requests/s on a route with one query).
 */
export function preparingPool(pool: pg.Pool): PreparingPool {
  const nameOf = statementNames()
  // Kysely keeps its state of a connection by this object's identity, so a client always gets the same one.
  const wrapped = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    async connect() {
      const client = await pool.connect()
      const known = wrapped.get(client)
      if (known !== undefined) return known
      const made = preparingClient(client, nameOf)
      wrapped.set(client, made)
      return made
    },
    end: () => pool.end(),
    run(text, values) {
      noteQuery(text)
      return send(pool, named(nameOf(text), text, values))
    },
  }
}

/**
 * By callback: what pg's promises hold is kept by the garbage of earlier queries until the next full collection
 * (measured: a seventh of all memory that requests use outlived two collections, which took 20 % of the time instead of 6).
 */
function send(client: pg.Pool | pg.PoolClient, query: pg.QueryConfig): Promise<pg.QueryResult> {
  return new Promise((resolve, reject) => {
    client.query(query, (error, result) => (error ? reject(error) : resolve(result)))
  })
}

function named(name: string | undefined, text: string, values: readonly unknown[]): pg.QueryConfig {
  return name === undefined ? { text, values: [...values] } : { name, text, values: [...values] }
}

function preparingClient(client: pg.PoolClient, nameOf: (text: string) => string | undefined): PostgresPoolClient {
  let stale = false
  async function query(text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
    noteQuery(text)
    const name = nameOf(text)
    try {
      return await send(client, named(name, text, values))
    } catch (error) {
      if (error instanceof Error) Error.captureStackTrace(error) // pg's own leads to a socket, this one to the caller
      if (name !== undefined && (error as { code?: string }).code === staleStatement) stale = true
      throw error
    }
  }
  return {
    // Kysely's overload for cursors is never used: openDatabase configures none.
    query: query as unknown as PostgresPoolClient['query'],
    // A connection whose prepared statement no longer fits its table is closed, so that the next one prepares anew.
    release: () => client.release(stale),
  }
}
