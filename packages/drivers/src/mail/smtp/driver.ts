import { createTransport } from 'nodemailer'
import { DriverError } from '../../kit/driver-error.ts'
import { compose } from '../compose.ts'
import type { MailDriver } from '../driver.ts'
import { driverError } from './errors.ts'

/** Which server takes our mail. */
export interface SmtpOptions {
  /** smtp://user:password@host:port (STARTTLS when offered, demanded with a password) or smtps:// (TLS from the start). */
  readonly url: string
  /** Open connections at most. */
  readonly connections?: number
  /** How long each step may take: looking up, connecting, greeting, and every silence after. */
  readonly timeoutMilliseconds?: number
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Sends through an SMTP server (RFC 5321), over connections that are kept and reused. */
export function createSmtpMail({ url, connections = 4, timeoutMilliseconds = 15_000 }: SmtpOptions): MailDriver {
  const { protocol, hostname, port, username, password } = parse(url)
  const secure = protocol === 'smtps:'
  const signsIn = username !== ''
  const transport = createTransport({
    pool: true,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : signsIn ? 587 : 25) : Number(port),
    secure,
    // A password goes over the network encrypted or not at all.
    requireTLS: !secure && signsIn && !loopback.has(hostname),
    ...(signsIn ? { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } } : {}),
    maxConnections: connections,
    maxMessages: 100,
    connectionTimeout: timeoutMilliseconds,
    greetingTimeout: timeoutMilliseconds,
    socketTimeout: timeoutMilliseconds,
    dnsTimeout: timeoutMilliseconds,
  })
  transport.on('error', () => {}) // of an idle connection; the next mail opens another
  let closed = false
  return {
    name: 'smtp',
    async send(mail) {
      if (closed) throw new DriverError('unavailable', 'the mail driver is closed')
      await transport.sendMail(compose(mail)).catch(error => {
        throw driverError(error)
      })
    },
    async check() {
      await transport.verify().catch(error => {
        const { kind, message } = driverError(error)
        throw new DriverError(kind, `${message}. Check the mail server’s address and password.`, { cause: error })
      })
    },
    async close() {
      closed = true
      transport.close()
    },
  }
}

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && url.hostname !== '' && ['smtp:', 'smtps:'].includes(url.protocol)) return url
  // The text is not shown: it may hold a password.
  throw new DriverError('misconfigured', 'the mail server is not given as smtp://user:password@host:port')
}
