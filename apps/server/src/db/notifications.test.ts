import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { waitFor } from '../../test/wait-for.ts'
import { runSql } from './database.ts'
import { openNotifications } from './notifications.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(async () => {
  await database.drop()
})

async function listening() {
  const notifications = await openNotifications(database.connection)
  onTestFinished(() => notifications.close())
  const heard: string[] = []
  let gaps = 0
  await notifications.listen('auth', payload => heard.push(payload))
  notifications.onGap(() => gaps++)
  return { notifications, heard, gaps: () => gaps }
}

const send = (payload: string) => runSql(database.db, `select pg_notify('auth', $1)`, [payload])
async function listenerPid(): Promise<number> {
  const [row] = await runSql<{ pid: number }>(
    database.db,
    `select pid from pg_stat_activity
     where datname = current_database() and application_name = 'innkeeper notifications' order by backend_start desc limit 1`,
  )
  return row?.pid ?? 0
}

test('a notification arrives when its transaction commits, and not before', async () => {
  const { heard } = await listening()
  const tx = await database.db.startTransaction().execute()
  await runSql(tx, `select pg_notify('auth', 'inside')`)
  await send('outside')
  await waitFor(() => heard.length === 1)
  await tx.commit().execute()
  await waitFor(() => heard.length === 2)
  expect(heard).toEqual(['outside', 'inside'])
})

test('two handlers of a channel both hear', async () => {
  const { notifications, heard } = await listening()
  const other: string[] = []
  await notifications.listen('auth', payload => other.push(payload))
  await send('both')
  await waitFor(() => heard.length === 1 && other.length === 1)
  expect(other).toEqual(['both'])
})

test('a broken connection is told as a gap, and again when it is back; then notifications arrive again', async () => {
  const { notifications, heard, gaps } = await listening()
  await runSql(database.db, 'select pg_terminate_backend($1)', [await listenerPid()])
  await waitFor(() => gaps() === 1)
  expect(notifications.connected()).toBe(false)
  await waitFor(() => gaps() === 2)
  expect(notifications.connected()).toBe(true)
  await send('after')
  await waitFor(() => heard.length === 1)
})

test('a connection that is silent without being broken is not trusted, and replaced', async () => {
  const { notifications, heard, gaps } = await listening()
  const pid = await listenerPid()
  process.kill(pid, 'SIGSTOP')
  try {
    await waitFor(() => !notifications.connected())
    await waitFor(() => gaps() === 2)
    expect(notifications.connected()).toBe(true)
    await send('after')
    await waitFor(() => heard.length === 1)
  } finally {
    process.kill(pid, 'SIGCONT')
  }
})
