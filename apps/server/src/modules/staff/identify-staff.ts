import type { App, StaffIdentity } from '../../context.ts'
import { Refusal } from '../../refusal.ts'
import { tokenHash } from '../../secrets.ts'
import { findStaffSession } from './staff-sessions-store.ts'
import { staffTokenPrefix } from './verify-sign-in.ts'

/** Longer than any token of ours: what is over it is not even hashed. */
const longestToken = 200

/**
 * Who of the staff an Authorization header stands for. Asked anew for each request: the staff is few, and whoever is shut
 * out or changes role is so at once, on every node, without a word passed between them.
 */
export async function identifyStaff(
  { db, clock }: Pick<App, 'db' | 'clock'>,
  authorization: string | undefined,
): Promise<StaffIdentity | undefined> {
  if (authorization === undefined) return undefined
  const token = authorization.replace(/^bearer /i, '').trim()
  if (!token.startsWith(`${staffTokenPrefix}_`) || token.length > longestToken) throw new Refusal('unauthorized')
  const sessionHash = tokenHash(token)
  const found = await findStaffSession(db, sessionHash, clock.now())
  if (found === undefined) throw new Refusal('unauthorized')
  const { id: staffId, email, name, role, expires_at: expiresAt } = found
  return { staffId, email, name, role, sessionHash, expiresAt }
}
