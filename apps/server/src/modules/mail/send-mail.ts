import { randomUUID } from 'node:crypto'
import { DriverError, type MailDriver } from '@innkeeper/drivers'
import { Type } from 'typebox'
import type { App } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { enqueue, GiveUp, type Job, jobKind } from '../../jobs/index.ts'

export interface Letter {
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** What ciphertexts of letters are bound to. */
const purpose = 'mail.send'

const sendMailKind = jobKind({
  name: 'mail.send',
  payload: Type.Object({
    messageId: Type.String(),
    /** The letter, encrypted: it may hold a link that lets its reader in. */
    sealed: Type.String(),
  }),
})
interface Payload {
  readonly messageId: string
  readonly sealed: string
}

/** Sends a mail once the transaction has committed, and not if it does not. */
export async function sendMail(ctx: Pick<App, 'config' | 'secrets'>, tx: Tx, letter: Letter): Promise<void> {
  const { to, subject, text } = letter
  const sealed = ctx.secrets.encrypt(purpose, JSON.stringify({ to, subject, text })).toString('base64')
  await enqueue(tx, sendMailKind, { messageId: newMessageId(ctx.config.publicUrl), sealed })
}

/** The job behind sendMail, for the worker. */
export function sendMailJob(driver: MailDriver): Job<Payload> {
  return {
    ...sendMailKind,
    async run({ config, secrets }, { messageId, sealed }) {
      // Only sendMail makes these ciphertexts.
      const letter = JSON.parse(secrets.decrypt(purpose, Buffer.from(sealed, 'base64')).toString()) as Letter
      try {
        // The same Message-ID at each attempt: an attempt of unknown end may have sent the mail.
        await driver.send({ ...letter, messageId, from: config.mail.from })
      } catch (error) {
        if (error instanceof DriverError && error.kind === 'refused') throw new GiveUp(error.message, { cause: error })
        throw error
      }
    },
  }
}

function newMessageId(publicUrl: string): string {
  return `<${randomUUID()}@${new URL(publicUrl).hostname.replaceAll(/[^\w.-]/g, '')}>`
}
