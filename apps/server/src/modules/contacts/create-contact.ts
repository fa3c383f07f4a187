import type { SignedInContext } from '../../context.ts'
import { insertProfile, orTaken, readEmail, readPerson, type SentPerson } from '../accounts/index.ts'
import { audit } from '../audit/index.ts'
import { hashPassword, setPasswordHash } from '../sessions/index.ts'
import { readGrant } from './grant.ts'

export interface SentContact extends SentPerson {
  readonly email: string
  readonly password?: string | undefined
  readonly privileges?: unknown
}

/** Adds a person to the account; with a password they can sign in as themselves. */
export async function createContact(ctx: SignedInContext, sent: SentContact): Promise<string> {
  const { accountId, privileges: own } = ctx.identity
  const email = readEmail(sent.email)
  const person = readPerson(sent)
  const privileges = readGrant(sent.privileges, own)
  const passwordHash =
    sent.password === undefined || sent.password === '' ? undefined : await hashPassword(sent.password)
  const tx = await ctx.begin()
  const profileId = await insertProfile(tx, { accountId, owner: false, email, person, privileges, at: ctx.clock.now() })
  if (passwordHash !== undefined) await orTaken(setPasswordHash(ctx, tx, { accountId, profileId, passwordHash }))
  await audit(ctx, tx, {
    event: 'contact.create',
    description: `Contact ${email} added`,
    detail: { contact: profileId, privileges, canSignIn: passwordHash !== undefined },
    accountId,
  })
  return profileId
}
