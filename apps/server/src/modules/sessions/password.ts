import { hash, verify } from '@node-rs/argon2'
import { badField, Refusal } from '../../refusal.ts'
import { slots } from './slots.ts'

/**
 * argon2 runs on the thread pool that file and name look-ups share (four threads): two are left to them. The queue
 * holds less than a second of work; a flood of sign-ins is refused instead of making everything wait.
 */
export const passwordSlot = slots(2, 100, overload)

/**
 * New passwords take one place of those at a time. Anybody may sign up, so a flood of sign-ups would otherwise fill the
 * queue that sign-ins wait in, and nobody could sign in.
 */
const newPasswordSlot = slots(1, 50, overload)

function overload(): Refusal {
  return new Refusal('rate_limited', { retryAfterSeconds: 1 })
}

/**
 * Hashes a new password, after checking that it may be one: argon2id in PHC form, with the library's m=19456 t=2 p=1.
 * Slow: call it before a transaction starts.
 */
export async function hashPassword(password: string): Promise<string> {
  if ([...password].length < 8) throw new Refusal('passistooshort', { fields: { password: ['passistooshort'] } })
  if (Buffer.byteLength(password) > 1024) throw badField('password', 'field_format_error')
  return newPasswordSlot(() => passwordSlot(() => hash(normal(password))))
}

/**
 * Whether the password is the stored one. Without a stored one the answer is no, after the same work. To be called in a
 * {@link passwordSlot}.
 */
export async function isPassword(phc: string | undefined, password: string): Promise<boolean> {
  const right = await verify(phc ?? nobody, normal(password))
  return right && phc !== undefined
}

/** One text can be typed as different code points on different keyboards (RFC 8265 section 4.2.2). */
function normal(password: string): string {
  return password.normalize('NFC')
}

/** The hash of random bytes that were thrown away, of the same cost as real ones. */
const nobody = '$argon2id$v=19$m=19456,t=2,p=1$+U/RRPyzt2UnabNVuoNLEg$0q28kG8WQleW0cLxCMST06Zdt4doKVaN6v1bYIdeO2w'
