import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { databaseOn, openDatabase, openPool, runSql } from './database.ts'
import { isCheckViolation, isUniqueViolation, unlessTaken } from './errors.ts'
import { recordQueries } from './query-log.ts'
import { statementNames } from './statements.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(async () => {
  await database.drop()
})

const at = new Date('2026-01-01T00:00:00Z')

test('ids and other bigints are strings, times are dates', async () => {
  const row = await database.db
    .insertInto('account')
    .values({ created_at: at })
    .returning(['id', 'created_at'])
    .executeTakeFirstOrThrow()
  expect(row).toEqual({ id: expect.stringMatching(/^\d+$/), created_at: at })
})

test('starting and committing a transaction cost one round trip each', async () => {
  const pool = openPool(database.connection)
  let roundTrips = 0
  pool.on('connect', client => {
    // The protocol's own event, once for each answer of the server; not in the types of pg.
    const { connection } = client as unknown as { connection: NodeJS.EventEmitter }
    connection.on('readyForQuery', () => roundTrips++)
  })
  const db = databaseOn(pool)
  await runSql(db, 'select 1') // connects
  roundTrips = 0
  const { queries } = await recordQueries(async () => {
    const tx = await db.startTransaction().execute()
    await tx.insertInto('account').values({ created_at: at }).execute()
    await tx.commit().execute()
  })
  expect(queries.map(text => text.split(' ')[0])).toEqual(['begin', 'insert', 'commit'])
  expect(roundTrips).toBe(3)
  await db.destroy()
})

test('a statement used again and again is prepared once', async () => {
  const db = openDatabase({ ...database.connection, max: 1 })
  for (let i = 0; i < 6; i++) {
    await db.selectFrom('account').select('id').where('id', '=', String(i)).execute()
    await db
      .selectFrom('account')
      .select('id')
      .where('id', 'in', Array(i + 1).fill('1'))
      .execute()
  }
  const { rows } = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(db)
  expect(rows.map(({ statement }) => statement)).toEqual(['select "id" from "account" where "id" = $1'])
  await db.destroy()
})

test('a prepared statement whose table was changed heals with the next connection', async () => {
  const db = openDatabase({ ...database.connection, max: 1 })
  await runSql(db, 'create table changing (a integer)')
  const read = () => runSql(db, 'select * from changing where $1', [true])
  for (let i = 0; i < 5; i++) await read()
  await runSql(db, 'alter table changing add column b integer')
  await expect(read()).rejects.toThrow('cached plan')
  expect(await read()).toEqual([])
  await db.destroy()
})

test('names are given to repeated texts only, one a text, and not without end', () => {
  const nameOf = statementNames()
  expect([1, 2, 3, 4].map(() => nameOf('select 1'))).toEqual([undefined, undefined, 's0', 's0'])
  expect([1, 2, 3, 4].map(() => nameOf('commit'))).toEqual([undefined, undefined, undefined, undefined])
  const names = new Set<string | undefined>()
  for (let i = 0; i < 5_000; i++) for (let use = 0; use < 4; use++) names.add(nameOf(`select ${i}`))
  expect(names.size).toBeLessThan(500)
})

test('a connection that breaks inside a transaction fails that transaction, and the pool goes on', async () => {
  const db = openDatabase({ ...database.connection, max: 1 })
  const tx = await db.startTransaction().execute()
  const [row] = await runSql<{ pid: number }>(tx, 'select pg_backend_pid() as pid')
  await runSql(database.db, 'select pg_terminate_backend($1)', [row?.pid])
  await expect(runSql(tx, 'select 1')).rejects.toThrow()
  await tx
    .rollback()
    .execute()
    .catch(() => {})
  expect(await runSql(db, 'select 1 as one')).toEqual([{ one: 1 }])
  await db.destroy()
})

test('a statement that takes too long is ended', async () => {
  const db = openDatabase({ ...database.connection, statement_timeout: 50 })
  await expect(runSql(db, 'select pg_sleep(20)')).rejects.toThrow('statement timeout')
  await db.destroy()
})

test('violations of constraints are told apart by name', async () => {
  const { db } = database
  await runSql(db, 'create table narrow (a integer constraint positive check (a > 0), constraint once unique (a))')
  const insert = (value: number) => runSql(db, 'insert into narrow values ($1)', [value])
  const failure = (value: number) => insert(value).catch((error: unknown) => error)
  await insert(1)
  const [again, negative] = [await failure(1), await failure(-1)]
  expect([isUniqueViolation(again, 'once'), isUniqueViolation(again, 'other')]).toEqual([true, false])
  expect([isCheckViolation(negative, 'positive'), isUniqueViolation(negative, 'positive')]).toEqual([true, false])
  const taken = new Error('taken')
  await expect(unlessTaken(insert(1), 'once', () => taken)).rejects.toBe(taken)
  await expect(unlessTaken(insert(1), 'other', () => taken)).rejects.toThrow('once')
  expect(await unlessTaken(insert(2), 'once', () => taken)).toEqual([])
})
