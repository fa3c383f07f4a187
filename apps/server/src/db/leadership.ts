import type { App } from '../context.ts'
import { type Db, runSql } from './database.ts'
import { locks } from './locks.ts'

/**
 * Runs the work on a database session of its own while that session holds the lock, so on one node at a time. The lock
 * is the session's: when the connection breaks, the work's next query fails and another node takes over. `wait` is asked
 * before each further try and says whether to go on.
 */
export async function whileLeading(
  app: Pick<App, 'db'>,
  lock: string,
  wait: () => Promise<boolean>,
  work: (session: Db) => Promise<void>,
): Promise<void> {
  await app.db.connection().execute(async session => {
    while (!(await tryLock(session, lock))) {
      if (!(await wait())) return
    }
    try {
      await work(session)
    } finally {
      // A session that is gone has given the lock free itself.
      await runSql(session, 'select pg_advisory_unlock(hashtextextended($1, $2))', [lock, locks.leadership]).catch(
        () => {},
      )
    }
  })
}

async function tryLock(session: Db, lock: string): Promise<boolean> {
  const text = 'select pg_try_advisory_lock(hashtextextended($1, $2)) as locked'
  const [row] = await runSql<{ locked: boolean }>(session, text, [lock, locks.leadership])
  return row?.locked ?? false
}
