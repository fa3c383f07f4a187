import type { SignedInContext } from '../../context.ts'
import { badField, Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { changeSecondFactor, identityChanged, type SecondFactorChange } from '../sessions/index.ts'
import { unlessEmailTaken } from './email-taken.ts'
import { readEmail, readPerson, type SentPerson } from './person.ts'
import { ownerOf, updateProfile } from './store.ts'

export interface SentDetails extends SentPerson {
  readonly email?: string | undefined
  readonly '2faenable'?: string | undefined
  readonly '2fasecret'?: string | undefined
}

/** Fields that taxes depend on. */
const taxedBy = ['vateu', 'country', 'state', 'postcode'] as const

/**
 * Changes the account's main profile, and the second factor of whoever is signed in. The e-mail address and the second
 * factor open the account, so neither a contact nor a script's token changes them for the owner.
 */
export async function updateDetails(ctx: SignedInContext, sent: SentDetails): Promise<void> {
  const { identity } = ctx
  const secondFactor = readSecondFactor(sent)
  const tx = await ctx.begin()
  const owner = await ownerOf(tx, identity.accountId)
  const person = readPerson(sent, owner)
  const email = sent.email === undefined ? owner.email : readEmail(sent.email)
  const emailChanges = email !== owner.email
  if (emailChanges && !identity.owner) throw new Refusal('forbidden')
  if ((emailChanges || secondFactor !== undefined) && identity.via === 'token') throw new Refusal('forbidden')
  await unlessEmailTaken(
    updateProfile(tx, identity.accountId, owner.id, { ...person, ...(emailChanges ? { email } : {}) }),
  )
  if (emailChanges) await identityChanged(ctx, tx, { profileId: owner.id })
  if (taxedBy.some(field => person[field] !== undefined && person[field] !== owner[field])) {
    await ctx.effects.buyerChanged(ctx, tx, identity.accountId)
  }
  if (secondFactor !== undefined) await changeSecondFactor(ctx, tx, identity, secondFactor)
  await audit(ctx, tx, {
    event: 'account.update',
    description: 'Account details changed',
    detail: { fields: [...Object.keys(person), ...(emailChanges ? ['email'] : [])] },
    accountId: identity.accountId,
  })
}

/** `2faenable` on with a `2fasecret` turns the second factor on, off turns it off. */
export function readSecondFactor(sent: SentDetails): SecondFactorChange | undefined {
  const enable = sent['2faenable']?.toLowerCase()
  if (enable === undefined || enable === '') return undefined
  if (['off', '0', 'false', 'no'].includes(enable)) return { on: false }
  if (!['on', '1', 'true', 'yes'].includes(enable)) throw badField('2faenable', 'field_format_error')
  const secret = sent['2fasecret']?.replaceAll(/[\s=-]/g, '').toUpperCase() ?? ''
  if (secret === '') throw badField('2fasecret', 'field_empty_error')
  // RFC 4226 §4 asks for 128 bits at the least; 80 are what authenticator apps and the documented product hand out.
  if (!/^[A-Z2-7]{16,103}$/.test(secret)) throw badField('2fasecret', 'field_format_error')
  return { on: true, secret }
}
