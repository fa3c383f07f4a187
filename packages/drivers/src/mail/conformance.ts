import { expect, onTestFinished, test } from 'vitest'
import type { Mail, MailDriver } from './driver.ts'
import { readMessage } from './read-message.ts'

/** A driver together with the end of the line it sends to. */
export interface MailRig {
  readonly driver: MailDriver
  /** The messages that arrived, as they are transmitted. */
  received(): Promise<readonly string[]>
  close(): Promise<void>
}

const mail: Mail = {
  messageId: '<1@innkeeper.example.net>',
  from: 'Innkeeper <noreply@example.net>',
  to: 'ada@example.com',
  subject: 'Grüße – ваш пароль',
  text: 'First line.\n.a line that begins with a dot\n\nДобрый день, €5 = 5 €\n',
}

/** What every mail driver promises. Call it in a describe(). */
export function mailDriverSuite(open: () => Promise<MailRig>): void {
  const rig = async () => {
    const opened = await open()
    onTestFinished(() => opened.close())
    return opened
  }

  test('a mail arrives as it was written, marked as sent by a program', async () => {
    const { driver, received } = await rig()
    await driver.send(mail)
    const [message = ''] = await received()
    const { headers, text } = readMessage(message)
    expect(headers).toMatchObject({
      'message-id': mail.messageId,
      from: mail.from,
      to: mail.to,
      subject: mail.subject,
      'auto-submitted': 'auto-generated',
    })
    expect(text.trimEnd()).toBe(mail.text.trimEnd())
  })

  test('a mail sent again has the same Message-ID', async () => {
    const { driver, received } = await rig()
    await driver.send(mail)
    await driver.send(mail)
    const ids = new Set((await received()).map(message => readMessage(message).headers['message-id']))
    expect([...ids]).toEqual([mail.messageId])
  })

  test('many mails at once all arrive', async () => {
    const { driver, received } = await rig()
    const mails = Array.from({ length: 25 }, (_, i) => ({ ...mail, messageId: `<m${i}@innkeeper.example.net>` }))
    await Promise.all(mails.map(one => driver.send(one)))
    const ids = (await received()).map(message => readMessage(message).headers['message-id'])
    expect(ids.sort()).toEqual(mails.map(({ messageId }) => messageId).sort())
  })

  test.each([
    ['two recipients', { to: 'ada@example.com, eve@example.com' }],
    ['a line break in the recipient', { to: 'ada@example.com\r\nBcc: eve@example.com' }],
    ['a line break in the subject', { subject: 'Hello\r\nBcc: eve@example.com' }],
    ['a Message-ID of another form', { messageId: '../../etc/passwd' }],
  ])('%s is refused, and nothing is sent', async (_what, change) => {
    const { driver, received } = await rig()
    await expect(driver.send({ ...mail, ...change })).rejects.toMatchObject({ name: 'DriverError', kind: 'refused' })
    expect(await received()).toEqual([])
  })

  test('the check passes; a closed driver sends nothing', async () => {
    const { driver, received } = await rig()
    await driver.check()
    await driver.close()
    await expect(driver.send(mail)).rejects.toMatchObject({ name: 'DriverError' })
    expect(await received()).toEqual([])
  })
}
