import { readdir, readFile } from 'node:fs/promises'
import type pg from 'pg'

const folder = new URL('../../migrations/', import.meta.url)
/** Any number that no other program takes an advisory lock with; nodes that start together migrate one after another. */
const lockKey = 7_405_513

/** Runs the migrations that have not run, each in its own transaction, in the order of their numbers. */
export async function migrate(client: pg.ClientBase): Promise<string[]> {
  await client.query('select pg_advisory_lock($1)', [lockKey])
  try {
    await client.query(
      'create table if not exists migration (name text primary key, run_at timestamptz not null default now())',
    )
    const done = new Set((await client.query<{ name: string }>('select name from migration')).rows.map(row => row.name))
    const files = (await readdir(folder)).filter(name => /^\d{4}_.*\.sql$/.test(name)).sort()
    const ran: string[] = []
    for (const name of files) {
      if (done.has(name)) continue
      const text = await readFile(new URL(name, folder), 'utf8')
      await client.query('begin')
      try {
        await client.query(text)
        await client.query('insert into migration (name) values ($1)', [name])
        await client.query('commit')
      } catch (error) {
        await client.query('rollback')
        throw new Error(`migration ${name} failed`, { cause: error })
      }
      ran.push(name)
    }
    return ran
  } finally {
    await client.query('select pg_advisory_unlock($1)', [lockKey])
  }
}
