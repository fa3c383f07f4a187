import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import {
  type BackupTable,
  listSequences,
  listTables,
  migrationState,
  restoreOrder,
  tablesWithTriggers,
} from './backup-catalog.ts'

/** Grows when older programs could not read what newer ones write. */
const format = 1

/** What a backup says of itself, in manifest.json. */
export interface Manifest {
  readonly format: number
  readonly takenAt: string
  /** The migrations of the database, with the checksums of their files; only the same may take the backup in. */
  readonly migrations: Readonly<Record<string, string>>
  readonly tables: readonly SavedTable[]
  /** Next values: sequences by name, with their last value and whether it was given out. */
  readonly sequences: Readonly<Record<string, readonly [value: string, called: boolean]>>
}
export interface SavedTable {
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: number
  readonly file: string
  /** Of the file's content before compression. */
  readonly sha256: string
}

/**
 * Writes the whole database into a folder that is not there yet: a file a table, all of one moment, while the program
 * runs on. The waiting jobs are in it; the master key is not, and without it what is encrypted stays so.
 * PostgreSQL's own pg_dump would do too, but the embedded server comes without it, and Debian's refuses newer servers.
 */
export async function backUp(connection: pg.ClientConfig, folder: string, takenAt: Date): Promise<Manifest> {
  const temporary = `${folder}.partial`
  await refuseExisting(folder)
  await rm(temporary, { recursive: true, force: true })
  await mkdir(temporary, { recursive: true, mode: 0o700 })
  const manifest = await withClient(connection, async client => {
    await client.query('begin isolation level repeatable read read only')
    const migrations = await migrationState(client)
    const tables: SavedTable[] = []
    for (const table of await listTables(client)) tables.push(await saveTable(client, table, temporary))
    // Last: sequences are outside of transactions, and must not be behind the rows.
    const sequences = await listSequences(client)
    await client.query('commit')
    return { format, takenAt: takenAt.toISOString(), migrations, tables, sequences }
  })
  await writeFile(join(temporary, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, {
    mode: 0o600,
    flush: true,
  })
  await rename(temporary, folder)
  return manifest
}

/**
 * Takes a backup into an empty database that the same version of the program has migrated. All or nothing.
 * Nobody else may use the database meanwhile.
 */
export async function restore(connection: pg.ClientConfig, folder: string): Promise<Manifest> {
  const manifest = await readManifest(folder)
  return withClient(connection, async client => {
    await client.query('begin')
    await checkMigrations(client, manifest)
    const tables = await listTables(client)
    await lockEmpty(client, tables)
    // What the rows are was decided when they were written; checks that look at other tables would fail half-way.
    const guarded = await tablesWithTriggers(client)
    for (const name of guarded) await client.query(`alter table ${name} disable trigger user`)
    const saved = new Map(manifest.tables.map(table => [table.name, table]))
    for (const { name } of await restoreOrder(client, tables)) {
      const table = saved.get(name)
      if (table === undefined) throw new Error(`the backup in ${folder} has no table ${name}`)
      await loadTable(client, table, folder)
    }
    for (const name of guarded) await client.query(`alter table ${name} enable trigger user`)
    for (const [name, [value, called]] of Object.entries(manifest.sequences)) {
      await client.query('select setval($1::regclass, $2, $3)', [name, value, called])
    }
    await client.query('commit')
    return manifest
  })
}

async function saveTable(client: pg.Client, { name, columns }: BackupTable, folder: string): Promise<SavedTable> {
  const file = `${name.replaceAll(/[^\w.]/g, '')}.copy.gz`
  const counting = countAndHash()
  await pipeline(
    client.query(copyTo(`copy ${name} (${columns.join(', ')}) to stdout`)),
    counting.stream,
    createGzip(),
    createWriteStream(join(folder, file), { mode: 0o600, flush: true }),
  )
  return { name, columns, file, ...counting.result() }
}

async function loadTable(client: pg.Client, table: SavedTable, folder: string): Promise<void> {
  const { name, columns, file, rows, sha256 } = table
  const counting = countAndHash()
  await pipeline(
    createReadStream(join(folder, file)),
    createGunzip(),
    counting.stream,
    client.query(copyFrom(`copy ${name} (${columns.join(', ')}) from stdin`)),
  )
  const found = counting.result()
  if (found.rows !== rows || found.sha256 !== sha256) {
    throw new Error(`the backup is damaged: ${file} is not what its manifest says`)
  }
}

/** In COPY's text format (PostgreSQL manual, "COPY") a line feed ends a row, and is nowhere else. */
function countAndHash() {
  const hash = createHash('sha256')
  let rows = 0
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) rows++
      done(null, chunk)
    },
  })
  return { stream, result: () => ({ rows, sha256: hash.digest('hex') }) }
}

async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(cause => {
    throw new Error(`there is no backup in ${folder}`, { cause })
  })
  const manifest = JSON.parse(text) as Manifest // written by backUp; its format is checked here, its files by their sums
  if (manifest.format === format) return manifest
  throw new Error(`the backup in ${folder} has format ${manifest.format}, and this program reads ${format}`)
}

async function checkMigrations(client: pg.Client, manifest: Manifest): Promise<void> {
  const here = JSON.stringify(await migrationState(client))
  if (here === JSON.stringify(manifest.migrations)) return
  const last = Object.keys(manifest.migrations).at(-1)
  throw new Error(
    `the backup was made by another version of Innkeeper (its last migration is ${last}). Restore it with that version, then upgrade.`,
  )
}

/** Tables that migrations put rows into: those of a new database give way to the backup's. */
const filledByMigrations: ReadonlySet<string> = new Set(['currency', 'number_series', 'tax_rate'])

async function lockEmpty(client: pg.Client, tables: readonly BackupTable[]): Promise<void> {
  for (const { name } of tables) {
    await client.query(`lock table ${name} in access exclusive mode`)
    if (filledByMigrations.has(name)) continue
    const { rowCount } = await client.query(`select 1 from ${name} limit 1`)
    if (rowCount !== 0) throw new Error(`the database is not empty: there are rows in ${name}. Restore into a new one.`)
  }
  for (const name of filledByMigrations) await client.query(`delete from ${name}`)
}

async function refuseExisting(folder: string): Promise<void> {
  const exists = await access(folder).then(
    () => true,
    () => false,
  )
  if (exists) throw new Error(`${folder} is there already; a backup goes into a folder of its own`)
}

async function withClient<T>(connection: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...connection, application_name: 'innkeeper backup' })
  client.on('error', () => {}) // the query that runs fails with it
  await client.connect()
  try {
    // COPY writes values as the session shows them.
    await client.query(`set datestyle = 'ISO'; set timezone = 'UTC'; set bytea_output = 'hex'`)
    return await work(client)
  } finally {
    await client.end() // rolls back what is open
  }
}
