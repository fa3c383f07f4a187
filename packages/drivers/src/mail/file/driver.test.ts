import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { mailDriverSuite } from '../conformance.ts'
import { createFileMail } from './driver.ts'

async function place() {
  const parent = await mkdtemp(join(tmpdir(), 'innkeeper-mail-'))
  onTestFinished(() => rm(parent, { recursive: true }))
  return join(parent, 'mail')
}

describe('the file driver keeps the promises of mail drivers', () => {
  mailDriverSuite(async () => {
    const folder = await place()
    const driver = createFileMail({ folder })
    return {
      driver,
      async received() {
        const names = await readdir(folder).catch(() => [])
        return Promise.all(names.map(name => readFile(join(folder, name), 'utf8')))
      },
      close: () => driver.close(),
    }
  })
})

test('mails are for the owner’s eyes, and named by their Message-ID', async () => {
  const folder = await place()
  const mail = { messageId: '<a/b@example.net>', from: 'a@example.net', to: 'b@example.com', subject: 's', text: 't' }
  await createFileMail({ folder }).send(mail)
  expect(await readdir(folder)).toEqual(['ab@example.net.eml'])
  const modes = [await stat(folder), await stat(join(folder, 'ab@example.net.eml'))].map(({ mode }) => mode & 0o777)
  expect(modes).toEqual([0o700, 0o600])
})

test('a folder that cannot be made is found by the check', async () => {
  const file = await place()
  await writeFile(file, '')
  await expect(createFileMail({ folder: join(file, 'mail') }).check()).rejects.toMatchObject({ kind: 'misconfigured' })
})
