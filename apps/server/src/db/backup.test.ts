import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import pg from 'pg'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { testDatabase } from '../../test/database.ts'
import { backUp, restore } from './backup.ts'
import { listTables, restoreOrder, tablesWithTriggers } from './backup-catalog.ts'
import { type Db, type Queryable, runSql } from './database.ts'

const at = new Date('2026-05-05T05:05:05Z')
let folder: string
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'innkeeper-backup-')), 'backup')
})
afterEach(() => rm(join(folder, '..'), { recursive: true }))

async function database() {
  const made = await testDatabase()
  onTestFinished(() => made.drop())
  return made
}

/** Checks are for sensible rows; these tests are about every value coming back. References stay. */
async function dropChecks(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as statement
     from pg_constraint where contype = 'c' and connamespace in ('public'::regnamespace, 'graphile_worker'::regnamespace)
       and conrelid <> 0`,
  )
  for (const { statement } of rows) await client.query(statement)
}

/** Fills every table with rows, made from the catalogue, so that a new table is in the test without being named here. */
async function fill(client: pg.Client): Promise<string[]> {
  await dropChecks(client)
  await client.query(`delete from tax_rate; delete from number_series; delete from currency`) // those of the migrations
  const tables = await listTables(client)
  const guarded = await tablesWithTriggers(client)
  for (const name of guarded) await client.query(`alter table ${name} disable trigger user`)
  for (const { name } of await restoreOrder(client, tables)) await insertRows(client, name)
  for (const name of guarded) await client.query(`alter table ${name} enable trigger user`)
  return tables.map(({ name }) => name)
}

async function connected<T>(connection: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function insertRows(client: pg.Client, name: string): Promise<void> {
  const { rows } = await client.query<{ column: string; type: string }>(
    `select quote_ident(attname) as column, format_type(atttypid, null) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [name],
  )
  const values = (row: number) => rows.map(({ type }) => sample(type, row)).join(', ')
  const columns = rows.map(({ column }) => column).join(', ')
  for (const row of [1, 2]) {
    await client.query(`insert into ${name} (${columns}) overriding system value values (${values(row)})`)
  }
}

/** A value that COPY has to escape, where the type can hold one. */
function sample(type: string, row: number): string {
  switch (type) {
    case 'text':
      return `E'tab\\t line\\n back\\\\slash \\\\N é ${row}'`
    case 'bytea':
      return `'\\x00ff0a5c0${row}'`
    case 'json':
    case 'jsonb':
      return `'{"a": "quote \\" tab \\t ${row}"}'`
    case 'text[]':
      return `array['a,b', '{}', null, '${row}']`
    case 'bigint[]':
    case 'integer[]':
      return `'{${row},-${row}}'`
    case 'boolean':
      return row === 1 ? 'true' : 'false'
    case 'uuid':
      return `'00000000-0000-4000-8000-00000000000${row}'`
    case 'date':
      return `date '2026-01-0${row}'`
    case 'timestamp with time zone':
      return `timestamptz '2026-01-0${row} 00:00:00.123456Z'`
    default:
      return `'${row}'`
  }
}

async function contents(db: Db, tables: readonly string[]): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {}
  for (const name of tables) {
    const rows = await runSql<{ row: object }>(db, `select to_jsonb(t) - 'changed_xid' as row from ${name} t`)
    found[name] = rows.map(({ row }) => JSON.stringify(row)).sort()
  }
  return found
}

test('every value of every table comes back', async () => {
  const source = await database()
  const tables = await connected(source.connection, fill)
  const manifest = await backUp(source.connection, folder, at)
  expect(manifest.tables.map(({ name, rows }) => [name, rows])).toEqual(tables.map(name => [name, 2]))
  expect(tables).toEqual(expect.arrayContaining(['dns_record', 'audit', 'graphile_worker._private_jobs']))

  const target = await database()
  await connected(target.connection, dropChecks)
  expect(await restore(target.connection, folder)).toEqual(manifest)
  expect(await contents(target.db, tables)).toEqual(await contents(source.db, tables))
  // What was issued and booked is as final as before.
  await expect(runSql(target.db, 'delete from ledger_posting')).rejects.toThrow('written once')
})

const addAccount = (db: Queryable) =>
  db.insertInto('account').values({ created_at: at }).returning('id').executeTakeFirstOrThrow()

test('ids go on where they were', async () => {
  const [source, target] = [await database(), await database()]
  const { id } = await addAccount(source.db)
  await backUp(source.connection, folder, at)
  await restore(target.connection, folder)
  expect((await addAccount(target.db)).id).toBe(String(Number(id) + 1))
})

test('a backup is of one moment: a change that commits meanwhile is in it with all its rows, or not at all', async () => {
  const [source, target] = [await database(), await database()]
  let running = true
  const writing = (async () => {
    while (running) {
      await source.db.transaction().execute(async tx => {
        const { id } = await addAccount(tx)
        await runSql(tx, `insert into audit (account_id, at, event, description, actor) values ($1, $2, '', '', '')`, [
          id,
          at,
        ])
      })
    }
  })()
  await backUp(source.connection, folder, at)
  running = false
  await writing
  await restore(target.connection, folder)
  const [count] = await runSql<{ accounts: string; rows: string }>(
    target.db,
    'select (select count(*) from account) as accounts, (select count(*) from audit) as rows',
  )
  expect(count?.accounts).toBe(count?.rows)
})

test('the files are for the owner’s eyes', async () => {
  const source = await database()
  await backUp(source.connection, folder, at)
  const paths = [folder, ...(await readdir(folder)).map(name => join(folder, name))]
  const modes = await Promise.all(paths.map(async path => (await stat(path)).mode & 0o077))
  expect(new Set(modes)).toEqual(new Set([0]))
})

test('a folder that is there is not written to', async () => {
  const source = await database()
  await expect(backUp(source.connection, join(folder, '..'), at)).rejects.toThrow('is there already')
})

test('a database with rows is not restored into', async () => {
  const source = await database()
  await addAccount(source.db)
  await backUp(source.connection, folder, at)
  await expect(restore(source.connection, folder)).rejects.toThrow('there are rows in account')
})

test('a damaged backup changes nothing', async () => {
  const [source, target] = [await database(), await database()]
  await addAccount(source.db)
  await backUp(source.connection, folder, at)
  await writeFile(join(folder, 'account.copy.gz'), gzipSync(''))
  await expect(restore(target.connection, folder)).rejects.toThrow('account.copy.gz is not what its manifest says')
  expect(await runSql(target.db, 'select 1 from account')).toEqual([])
})

test('a backup of another version is refused', async () => {
  const [source, target] = [await database(), await database()]
  await backUp(source.connection, folder, at)
  await runSql(target.db, `insert into migration (name, checksum) values ('9999_future.sql', '')`)
  await expect(restore(target.connection, folder)).rejects.toThrow('made by another version')
})

test('a folder without a backup is said to be one', async () => {
  const target = await database()
  await expect(restore(target.connection, folder)).rejects.toThrow('there is no backup in')
})
