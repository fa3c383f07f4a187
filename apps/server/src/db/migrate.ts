import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { Logger, runMigrations } from 'graphile-worker'
import pg from 'pg'
import { locks } from './locks.ts'

const migrationsFolder = new URL('../../migrations/', import.meta.url)

interface Migration {
  readonly name: string
  readonly text: string
  readonly checksum: string
}

/**
 * Runs the migrations that have not run, each in its own transaction, in the order of their numbers; then those of the
 * job queue. Returns the names of ours that ran. Throws, with nothing changed, when the database was migrated by other
 * files than these.
 */
export async function migrate(connection: pg.ClientConfig, folder = migrationsFolder): Promise<string[]> {
  const files = await readMigrations(folder)
  const client = new pg.Client({ ...connection, application_name: 'innkeeper migrate' })
  await client.connect()
  try {
    // Nodes that start together migrate one after another.
    await client.query('select pg_advisory_lock($1)', [locks.migrations])
    await client.query(`create table if not exists migration (
      name text primary key, checksum text not null, run_at timestamptz not null default now())`)
    const { rows } = await client.query<{ name: string; checksum: string }>('select name, checksum from migration')
    const waiting = waitingMigrations(files, rows)
    for (const migration of waiting) await runMigration(client, migration)
    await migrateJobQueue(connection)
    return waiting.map(migration => migration.name)
  } finally {
    await client.end() // frees the lock
  }
}

/** Names of the migrations that the next start would run; throws as {@link migrate} does. Changes nothing. */
export async function pendingMigrations(client: pg.ClientBase, folder = migrationsFolder): Promise<string[]> {
  const files = await readMigrations(folder)
  const { rows: tables } = await client.query("select 1 where to_regclass('migration') is not null")
  const { rows } =
    tables.length === 0
      ? { rows: [] }
      : await client.query<{ name: string; checksum: string }>('select name, checksum from migration')
  return waitingMigrations(files, rows).map(({ name }) => name)
}

async function readMigrations(folder: URL): Promise<Migration[]> {
  const names = (await readdir(folder)).filter(name => /^\d{4}_.*\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async name => {
      const text = await readFile(new URL(name, folder), 'utf8')
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

function waitingMigrations(files: readonly Migration[], done: readonly { name: string; checksum: string }[]) {
  const byName = new Map(files.map(file => [file.name, file]))
  for (const { name, checksum } of done) {
    const file = byName.get(name)
    if (file === undefined) {
      throw new Error(
        `the database has migration ${name}, which this program does not know: a newer version of Innkeeper has run on it. Start that version, or restore a backup made before it.`,
      )
    }
    if (file.checksum !== checksum) {
      throw new Error(
        `migration ${name} has run on this database, but its file has changed since. Put the file back as it was released; a change goes into a new migration.`,
      )
    }
  }
  const ran = new Set(done.map(({ name }) => name))
  return files.filter(file => !ran.has(file.name))
}

async function runMigration(client: pg.Client, { name, text, checksum }: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(text)
    await client.query('insert into migration (name, checksum) values ($1, $2)', [name, checksum])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`migration ${name} failed: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}

/** The queue's tables are there before anything is enqueued, whether or not a worker ever started. */
async function migrateJobQueue(connection: pg.ClientConfig): Promise<void> {
  const pool = new pg.Pool({ ...connection, max: 1 })
  pool.on('error', () => {})
  pool.on('connect', client => client.on('error', () => {}))
  try {
    await runMigrations({ pgPool: pool, logger: new Logger(() => () => {}) })
  } finally {
    await pool.end()
  }
}
