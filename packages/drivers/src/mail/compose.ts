import type { SendMailOptions } from 'nodemailer'
import { DriverError } from '../kit/driver-error.ts'
import type { Mail } from './driver.ts'

/** Exactly one address: what a list, a display name or a line break would need is not in it. */
const oneAddress = /^[^\s<>()[\],;:"\\@]+@[^\s<>()[\],;:"\\@]+$/
const messageId = /^<[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+>$/

/** The mail as nodemailer takes it. Throws `refused` for what could smuggle in a header or another recipient. */
export function compose({ messageId: id, from, to, subject, text }: Mail): SendMailOptions {
  if (!oneAddress.test(to)) throw new DriverError('refused', 'the recipient is not one mail address')
  if (!messageId.test(id)) throw new DriverError('refused', 'the Message-ID is not in the form <id@host>')
  if (/[\r\n]/.test(from + subject)) throw new DriverError('refused', 'a header field has a line break in it')
  return {
    messageId: id,
    from,
    to: { name: '', address: to },
    subject,
    text,
    // RFC 3834 §5: keeps vacation programs from answering, and so from loops.
    headers: { 'Auto-Submitted': 'auto-generated' },
    // Texts come from templates that hold customers' words: nothing in them may read a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
