import { randomBytes } from 'node:crypto'
import { access, constants, mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { DriverError } from '../../kit/driver-error.ts'
import { compose } from '../compose.ts'
import type { MailDriver } from '../driver.ts'

/** Where mails go. */
export interface FileMailOptions {
  /** Made when it is not there, readable for its owner only: mails hold links that let people in. */
  readonly folder: string
}

/** Writes each mail as a file that mail programs open (RFC 5322, .eml), named by its Message-ID. For trying things out. */
export function createFileMail({ folder }: FileMailOptions): MailDriver {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  let closed = false
  async function write(name: string, content: Buffer): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    // Whoever watches the folder sees whole mails only.
    const temporary = join(folder, `.${randomBytes(6).toString('hex')}`)
    await writeFile(temporary, content, { mode: 0o600 })
    await rename(temporary, join(folder, name))
  }
  return {
    name: 'file',
    async send(mail) {
      if (closed) throw new DriverError('unavailable', 'the mail driver is closed')
      const { message } = await transport.sendMail(compose(mail))
      if (!Buffer.isBuffer(message)) throw new Error('nodemailer gave a stream where a buffer was asked for')
      await write(fileName(mail.messageId), message).catch(cause => {
        throw new DriverError('unavailable', `the mail could not be written: ${cause.message}`, { cause })
      })
    },
    async check() {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await access(folder, constants.W_OK)
      } catch (cause) {
        throw new DriverError('misconfigured', `mails cannot be written to ${folder}: make it writable`, { cause })
      }
    },
    async close() {
      closed = true
    },
  }
}

/** The Message-ID without its brackets; characters with a meaning in paths are left out. */
function fileName(messageId: string): string {
  return `${messageId.replaceAll(/[^\w.@=+-]/g, '').replace(/^\.+/, '')}.eml`
}
