import type { SignedInContext } from '../../context.ts'
import { badField } from '../../refusal.ts'
import {
  insertProfile,
  readEmail,
  readPerson,
  readSecondFactor,
  type SentDetails,
  unlessEmailTaken,
} from '../accounts/index.ts'
import { audit } from '../audit/index.ts'
import { changeSecondFactor, hashPassword, setPasswordHash } from '../sessions/index.ts'
import { readGrant } from './grant.ts'
import { refuseSignInByToken } from './sign-in-by-token.ts'

export interface SentContact extends SentDetails {
  readonly email: string
  readonly password?: string | undefined
  readonly privileges?: unknown
}

/** Adds a person to the account; with a password they can sign in as themselves. */
export async function createContact(ctx: SignedInContext, sent: SentContact): Promise<string> {
  const { accountId, privileges: own } = ctx.identity
  refuseSignInByToken(ctx, sent)
  const email = readEmail(sent.email)
  const person = readPerson(sent)
  const privileges = readGrant(sent.privileges, own)
  const passwordHash =
    sent.password === undefined || sent.password === '' ? undefined : await hashPassword(sent.password)
  const secondFactor = readSecondFactor(sent)
  if (secondFactor !== undefined && passwordHash === undefined) throw badField('password', 'field_empty_error')
  const tx = await ctx.begin()
  const profileId = await insertProfile(tx, { accountId, owner: false, email, person, privileges, at: ctx.clock.now() })
  if (passwordHash !== undefined)
    await unlessEmailTaken(setPasswordHash(ctx, tx, { accountId, profileId, passwordHash }))
  if (secondFactor !== undefined) await changeSecondFactor(ctx, tx, { accountId, profileId }, secondFactor)
  await audit(ctx, tx, {
    event: 'contact.create',
    description: `Contact ${email} added`,
    detail: { contact: profileId, privileges, canSignIn: passwordHash !== undefined },
    accountId,
  })
  return profileId
}
