import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { describe, expect, onTestFinished, test } from 'vitest'
import { DriverError } from '../../kit/driver-error.ts'
import { mailDriverSuite } from '../conformance.ts'
import { createSmtpMail } from './driver.ts'

/** An SMTP server that keeps what it takes. */
async function smtpServer(options: SMTPServerOptions = {}) {
  const messages: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, callback) {
      text(stream).then(message => {
        messages.push(message)
        callback()
      }, callback)
    },
    ...options,
  })
  server.on('error', () => {}) // clients that hang up
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo // it listens on TCP
  const close = () => new Promise<void>(resolve => server.close(() => resolve()))
  return { messages, port, close }
}

async function rig(options: SMTPServerOptions, url: (port: number) => string = port => `smtp://127.0.0.1:${port}`) {
  const server = await smtpServer(options)
  const driver = createSmtpMail({ url: url(server.port), timeoutMilliseconds: 500 })
  onTestFinished(async () => {
    await driver.close()
    await server.close()
  })
  return { driver, server }
}

const mail = { messageId: '<1@example.net>', from: 'a@example.net', to: 'b@example.com', subject: 's', text: 't' }
const reply = (code: number) => Object.assign(new Error('no'), { responseCode: code })

describe('the smtp driver keeps the promises of mail drivers', () => {
  mailDriverSuite(async () => {
    const { messages, port, close } = await smtpServer()
    const driver = createSmtpMail({ url: `smtp://127.0.0.1:${port}` })
    return {
      driver,
      received: async () => messages,
      async close() {
        await driver.close()
        await close()
      },
    }
  })
})

test('it signs in with the user and password of the address', async () => {
  const seen: unknown[] = []
  const { driver, server } = await rig(
    {
      authOptional: false,
      allowInsecureAuth: true,
      onAuth({ username, password }, _session, callback) {
        seen.push([username, password])
        callback(null, { user: username })
      },
    },
    port => `smtp://user%40example.net:p%2Fw@127.0.0.1:${port}`,
  )
  await driver.send(mail)
  expect(seen).toEqual([['user@example.net', 'p/w']])
  expect(server.messages).toHaveLength(1)
})

test.each([
  ['a recipient it does not have', 550, 'refused'],
  ['a recipient it will take later', 450, 'unavailable'],
  ['a want of space', 452, 'unavailable'],
])('a server that answers with %s (%i) is %s', async (_what, code, kind) => {
  const { driver } = await rig({ onRcptTo: (_address, _session, callback) => callback(reply(code)) })
  await expect(driver.send(mail)).rejects.toMatchObject({ name: 'DriverError', kind })
})

test('a wrong password is for the operator to mend', async () => {
  const { driver } = await rig(
    {
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, callback) => callback(reply(535)),
    },
    port => `smtp://user:wrong@127.0.0.1:${port}`,
  )
  await expect(driver.send(mail)).rejects.toMatchObject({ kind: 'misconfigured' })
  await expect(driver.check()).rejects.toMatchObject({
    kind: 'misconfigured',
    message: expect.not.stringContaining('wrong'),
  })
})

test('a server that is not there is unavailable', async () => {
  const { driver, server } = await rig({})
  await server.close()
  await expect(driver.send(mail)).rejects.toMatchObject({ kind: 'unavailable' })
})

test('a server that says nothing is a timeout', async () => {
  const silent = createServer(socket => void socket.on('error', () => {}))
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  onTestFinished(() => void silent.close())
  const { port } = silent.address() as AddressInfo // it listens on TCP
  const driver = createSmtpMail({ url: `smtp://127.0.0.1:${port}`, timeoutMilliseconds: 200 })
  onTestFinished(() => driver.close())
  await expect(driver.send(mail)).rejects.toMatchObject({ kind: 'timeout' })
})

test.each(['127.0.0.1:25', 'http://example.net', 'smtp://'])('the address %s is not taken', url => {
  expect(() => createSmtpMail({ url })).toThrow(DriverError)
})
