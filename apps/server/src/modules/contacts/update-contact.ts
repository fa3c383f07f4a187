import type { SignedInContext } from '../../context.ts'
import { parsePrivileges, withinTree } from '../../privileges.ts'
import { notFound, Refusal } from '../../refusal.ts'
import {
  lockProfile,
  readEmail,
  readPerson,
  readSecondFactor,
  unlessEmailTaken,
  updateProfile,
} from '../accounts/index.ts'
import { audit } from '../audit/index.ts'
import { changeSecondFactor, hashPassword, identityChanged, setPasswordHash } from '../sessions/index.ts'
import type { SentContact } from './create-contact.ts'
import { readGrant } from './grant.ts'
import { refuseSignInByToken } from './sign-in-by-token.ts'

/**
 * Changes a contact. Whoever changes one must have all that the contact has: a new address or password for somebody
 * with more privileges would be a way to get them.
 */
export async function updateContact(ctx: SignedInContext, id: string, sent: Partial<SentContact>): Promise<void> {
  const { accountId, privileges: own } = ctx.identity
  refuseSignInByToken(ctx, sent, true)
  const email = sent.email === undefined ? undefined : readEmail(sent.email)
  const privileges = sent.privileges === undefined ? undefined : readGrant(sent.privileges, own)
  const passwordHash =
    sent.password === undefined || sent.password === '' ? undefined : await hashPassword(sent.password)
  const secondFactor = readSecondFactor(sent)
  const tx = await ctx.begin()
  const contact = await lockProfile(tx, accountId, id)
  if (contact === undefined || contact.owner) throw notFound()
  if (!withinTree(parsePrivileges(contact.privileges) ?? {}, own)) throw new Refusal('privileges_exceeded')
  const person = readPerson(sent, contact)
  const change = {
    ...person,
    ...(email === undefined ? {} : { email }),
    ...(privileges === undefined ? {} : { privileges: JSON.stringify(privileges) }),
  }
  await unlessEmailTaken(updateProfile(tx, accountId, id, change))
  if (passwordHash !== undefined) {
    await unlessEmailTaken(setPasswordHash(ctx, tx, { accountId, profileId: id, passwordHash }))
  }
  if (secondFactor !== undefined) await changeSecondFactor(ctx, tx, { accountId, profileId: id }, secondFactor)
  await identityChanged(ctx, tx, { profileId: id })
  await audit(ctx, tx, {
    event: 'contact.update',
    description: `Contact ${email ?? contact.email} changed`,
    detail: {
      contact: id,
      fields: [
        ...Object.keys(person),
        ...(email === undefined ? [] : ['email']),
        ...(passwordHash === undefined ? [] : ['password']),
      ],
      ...(privileges === undefined ? {} : { privileges }),
    },
    accountId,
  })
}
