import pg from 'pg'
import { locks } from '../locks.ts'
import { connectionTo } from './postmaster.ts'

/**
 * This process's share in a server that others may use too: a second `innkeeper` on the same data folder. It is a lock,
 * which PostgreSQL frees when a process dies.
 */
export interface Keeper {
  readonly client: pg.Client
  /** Gives the share up. True: no other process has one, and none can get one any more; the server is to be stopped. */
  leave(): Promise<boolean>
  /** Gives the share up and asks nothing. */
  drop(): Promise<void>
}

/**
 * Takes a share. Waits for a process that is about to stop the server, and then fails with it. `onLost` is called when
 * the connection breaks, but not after leave().
 */
export async function takeShare(socketFolder: string, password: string, onLost: () => void): Promise<Keeper> {
  const client = new pg.Client({
    ...connectionTo(socketFolder, 'postgres', password),
    application_name: 'innkeeper keeper',
    connectionTimeoutMillis: 5_000,
    query_timeout: 6_000,
  })
  let left = false
  client.on('error', () => {}) // 'end' follows
  await client.connect()
  client.on('end', () => {
    if (!left) onLost()
  })
  try {
    await client.query('select pg_advisory_lock_shared($1)', [locks.embeddedServer])
  } catch (error) {
    left = true
    await client.end().catch(() => {})
    throw error
  }
  return {
    client,
    async leave() {
      left = true
      await client.query('select pg_advisory_unlock_shared($1)', [locks.embeddedServer])
      const { rows } = await client.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [
        locks.embeddedServer,
      ])
      const last = rows[0]?.last === true
      // The last one keeps the lock until the server is stopped, so that nobody joins a server that is going.
      if (!last) await client.end()
      return last
    },
    async drop() {
      left = true
      await client.end().catch(() => {})
    },
  }
}
