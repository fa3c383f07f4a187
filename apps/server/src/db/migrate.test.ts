import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterEach, beforeEach, expect, inject, onTestFinished, test } from 'vitest'
import { waitFor } from '../../test/wait-for.ts'
import { describeSchema } from './describe-schema.ts'
import { giveTo, nobody } from './embedded/run-as.ts'
import { migrate } from './migrate.ts'

const migrations = new URL('../../migrations/', import.meta.url)
const names = (await readdir(migrations)).filter(name => /^\d{4}_/.test(name)).sort()

let databases = 0
async function emptyDatabase(): Promise<pg.ClientConfig> {
  const server = inject('postgres')
  const database = `migrate_${process.pid}_${databases++}`
  await query(server, `create database ${database}`)
  onTestFinished(async () => void (await query(server, `drop database ${database} with (force)`)))
  return { ...server, database }
}

async function query(connection: pg.ClientConfig, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    return await client.query(text)
  } finally {
    await client.end()
  }
}

async function schemaOf(connection: pg.ClientConfig): Promise<string> {
  const client = new pg.Client(connection)
  await client.connect()
  const text = await describeSchema(client)
  await client.end()
  return text
}

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'innkeeper-migrations-'))
  await cp(migrations, folder, { recursive: true })
})
afterEach(() => rm(folder, { recursive: true }))
const copied = () => pathToFileURL(`${folder}/`)

test('all run once, in order, and not again', async () => {
  const connection = await emptyDatabase()
  expect(await migrate(connection)).toEqual(names)
  expect(await migrate(connection)).toEqual([])
})

test('several nodes that start together migrate once', async () => {
  const connection = await emptyDatabase()
  const ran = await Promise.all([1, 2, 3, 4].map(() => migrate(connection)))
  expect(ran.flat()).toEqual(names)
})

test('a file that was changed after it had run is refused, by name', async () => {
  const connection = await emptyDatabase()
  await migrate(connection)
  await writeFile(join(folder, names[0] ?? ''), 'select 1')
  await expect(migrate(connection, copied())).rejects.toThrow(`${names[0]} has run on this database`)
})

test('a database that a newer program migrated is refused', async () => {
  const connection = await emptyDatabase()
  await writeFile(join(folder, '9999_future.sql'), 'create table future (a integer)')
  await migrate(connection, copied())
  await expect(migrate(connection)).rejects.toThrow('9999_future.sql, which this program does not know')
})

test('a migration that fails leaves nothing behind, and the ones before it stay', async () => {
  const connection = await emptyDatabase()
  await writeFile(join(folder, '9998_broken.sql'), 'create table half (a integer); select nonsense')
  await expect(migrate(connection, copied())).rejects.toThrow('9998_broken.sql failed: column "nonsense"')
  expect(await migrate(connection)).toEqual([])
  expect(await schemaOf(connection)).not.toContain('create table half')
})

test('jobs can be enqueued at once', async () => {
  const connection = await emptyDatabase()
  await migrate(connection)
  expect((await query(connection, `select 1 from graphile_worker.add_job('any')`)).rowCount).toBe(1)
})

test('schema.sql is what the migrations make', async () => {
  const connection = await emptyDatabase()
  await migrate(connection)
  const file = await readFile(new URL('schema.sql', migrations), 'utf8')
  expect(file.slice(file.indexOf('create table'))).toBe(await schemaOf(connection))
})

test('PostgreSQL 15 runs them, to the same schema', async () => {
  const fifteen = await startFifteen()
  expect(await migrate(fifteen)).toEqual(names)
  const eighteen = await emptyDatabase()
  await migrate(eighteen)
  expect(await schemaOf(fifteen)).toBe(await schemaOf(eighteen))
})

/** Debian's PostgreSQL 15 (package postgresql-15) on a cluster of its own. */
async function startFifteen(): Promise<pg.ClientConfig> {
  const binaries = '/usr/lib/postgresql/15/bin'
  await access(binaries).catch(() => {
    throw new Error('this test needs PostgreSQL 15: apt-get install postgresql-15 (tools/test-packages.txt)')
  })
  const home = await mkdtemp(join(tmpdir(), 'innkeeper-pg15-'))
  const user = process.getuid?.() === 0 ? nobody : undefined
  await giveTo(user, home)
  const settings = { ...user, cwd: '/' }
  const data = join(home, 'data')
  await promisify(execFile)(
    join(binaries, 'initdb'),
    ['-D', data, '-U', 'innkeeper', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-N'],
    settings,
  )
  const server = spawn(
    join(binaries, 'postgres'),
    ['-D', data, '-c', 'listen_addresses=', '-k', home, '-c', 'fsync=off'],
    { ...settings, stdio: 'ignore' },
  )
  onTestFinished(async () => {
    const gone = once(server, 'exit')
    server.kill('SIGQUIT')
    await gone
    await rm(home, { recursive: true, force: true })
  })
  const connection = { host: home, port: 5432, user: 'innkeeper', database: 'postgres' }
  await waitFor(() =>
    query(connection, 'select 1').then(
      () => true,
      () => false,
    ),
  )
  return connection
}
