import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DriverError, type Mail, type MailDriver } from '@innkeeper/drivers'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { waitFor } from '../../../test/wait-for.ts'
import { runSql } from '../../db/database.ts'
import { discardJob, type JobOutcome, listDeadJobs, retryJob, startWorker } from '../../jobs/index.ts'
import { openMail, sendMail, sendMailJob } from './index.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app.close())
afterEach(async () => {
  for (const { id } of await listDeadJobs(app.db)) await discardJob(app.db, id)
})

const letter = {
  to: 'ada@example.com',
  subject: 'Your password',
  text: 'Open https://example.net/reset/secret-token\n',
}

/** Sends the letter through the driver, and waits for the given number of attempts. */
async function attempts(driver: MailDriver, count: number): Promise<JobOutcome[]> {
  const outcomes: JobOutcome[] = []
  const worker = await startWorker(app, app.connection, [sendMailJob(driver)], [], {
    onOutcome: outcome => outcomes.push(outcome),
  })
  await app.db.transaction().execute(tx => sendMail(app, tx, letter))
  while (outcomes.length < count) {
    await waitFor(() => outcomes.length > 0)
    await hurry()
  }
  await worker.stop()
  return outcomes
}

/** Makes what waits for its next attempt due now. */
async function hurry(): Promise<void> {
  await runSql(
    app.db,
    `select graphile_worker.reschedule_jobs(array_agg(id), run_at => now()) from graphile_worker.jobs
     where attempts < max_attempts and locked_at is null`,
  )
}

function failing(...errors: readonly DriverError[]) {
  const sent: Mail[] = []
  const left = [...errors]
  const driver: MailDriver = {
    name: 'failing',
    async send(mail) {
      sent.push(mail)
      const error = left.shift()
      if (error !== undefined) throw error
    },
    check: async () => {},
    close: async () => {},
  }
  return { driver, sent }
}

test('a mail goes to the driver of the configuration after the commit', async () => {
  const driver = openMail(app.config)
  await attempts(driver, 1)
  const folder = join(app.config.dataDir, 'mail')
  const [name = ''] = await readdir(folder)
  const message = await readFile(join(folder, name), 'utf8')
  expect(message).toContain(`From: ${app.config.mail.from}`)
  expect(message).toContain(letter.text.trim())
})

test('nothing of the letter can be read in the database', async () => {
  const tx = await app.db.startTransaction().execute()
  await sendMail(app, tx, letter)
  const [row] = await runSql<{ payload: string }>(
    tx,
    `select payload::text from graphile_worker._private_jobs order by id desc limit 1`,
  )
  await tx.rollback().execute()
  expect(row?.payload).toContain('messageId')
  expect(row?.payload).not.toMatch(/ada|password|secret-token/)
})

test('a mail tried again has the Message-ID of the first attempt', async () => {
  const { driver, sent } = failing(new DriverError('timeout', 'no answer'))
  const outcomes = await attempts(driver, 2)
  expect(outcomes.map(({ result }) => result)).toEqual(['failed', 'done'])
  expect(sent).toHaveLength(2)
  expect(sent[1]).toEqual(sent[0])
})

test('a mail that is refused is not tried again by itself, and shows among the dead jobs', async () => {
  const { driver } = failing(new DriverError('refused', 'no such mailbox'))
  expect((await attempts(driver, 1)).map(({ result }) => result)).toEqual(['dead'])
  const [dead] = await listDeadJobs(app.db)
  expect(dead).toMatchObject({ name: 'mail.send', error: 'no such mailbox', attempts: 1 })
  expect(await retryJob(app.db, dead?.id ?? '')).toBe(true)
})
