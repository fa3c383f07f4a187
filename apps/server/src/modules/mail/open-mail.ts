import { join } from 'node:path'
import { createFileMail, createSmtpMail, type MailDriver } from '@innkeeper/drivers'
import type { Config } from '../../config.ts'

/** The mail system of the configuration: its SMTP server, or files in the data folder. */
export function openMail({ mail, dataDir }: Pick<Config, 'mail' | 'dataDir'>): MailDriver {
  if (mail.smtpUrl !== undefined) return createSmtpMail({ url: mail.smtpUrl })
  return createFileMail({ folder: join(dataDir, 'mail') })
}
