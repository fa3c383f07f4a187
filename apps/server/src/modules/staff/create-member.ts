import { randomBytes } from 'node:crypto'
import type { StaffRole } from '@innkeeper/contract'
import type { Context } from '../../context.ts'
import { unlessTaken } from '../../db/errors.ts'
import { Refusal } from '../../refusal.ts'
import { readEmail } from '../accounts/index.ts'
import { audit } from '../audit/index.ts'
import { hashPassword } from '../sessions/index.ts'
import type { FirstSignIn } from './member.ts'
import { insertMember } from './members-store.ts'
import { newSecondFactor } from './second-factor.ts'

export interface Newcomer {
  readonly email: string
  readonly name?: string | undefined
  readonly role: StaffRole
  /** Undefined: one is made up, for one use. */
  readonly password?: string
  /** Base32; undefined: one is made up. */
  readonly totpSecret?: string
}

/** Adds somebody to the staff. The database refuses an address that is in use. */
export async function createMember(ctx: Context, newcomer: Newcomer): Promise<{ id: string } & FirstSignIn> {
  const email = readEmail(newcomer.email)
  const password = newcomer.password ?? onetimePassword()
  const passwordHash = await hashPassword(password)
  const { uri: totpUri, sealed: totpSecret } = newSecondFactor(ctx, email, newcomer.totpSecret)
  const tx = await ctx.begin()
  const id = await unlessTaken(
    insertMember(tx, {
      email,
      name: newcomer.name?.trim() ?? '',
      role: newcomer.role,
      passwordHash,
      passwordOnce: newcomer.password === undefined,
      totpSecret,
      at: ctx.clock.now(),
    }),
    'staff_email_key',
    () => new Refusal('useralreadyexistsemail_error', { fields: { email: ['useralreadyexistsemail_error'] } }),
  )
  await audit(ctx, tx, {
    event: 'staff.create',
    description: `Added ${email} to the staff as ${newcomer.role}`,
    detail: { staff: id, role: newcomer.role },
    accountId: null,
  })
  return { id, password, totpUri }
}

export function onetimePassword(): string {
  return randomBytes(15).toString('base64url')
}
