import type { SignedInContext } from '../../context.ts'
import { type PrivilegeTree, parsePrivileges, withinTree } from '../../privileges.ts'
import { badField, Refusal } from '../../refusal.ts'
import { randomToken, tokenHash } from '../../secrets.ts'
import { readDateTime } from '../../wire-time.ts'
import { audit } from '../audit/index.ts'
import { readNetworks } from './address-list.ts'
import { personalTokenPrefix } from './identities.ts'
import { insertToken } from './tokens-store.ts'

export interface WantedToken {
  readonly name: string
  readonly scopes?: unknown
  readonly expires_at?: string
  readonly allowed_addresses?: readonly string[]
}

/** Creates a personal token of the caller. Its secret is in the answer and nowhere else. */
export async function createToken(ctx: SignedInContext, wanted: WantedToken): Promise<{ id: string; secret: string }> {
  const { accountId, profileId, privileges } = ctx.identity
  refuseTokens(ctx)
  const name = wanted.name.trim()
  if (name === '') throw badField('name', 'field_empty_error')
  if (/\p{Cc}/u.test(name)) throw badField('name', 'field_format_error')
  const scopes = readScopes(wanted.scopes, privileges)
  const expiresAt = readExpiry(ctx, wanted.expires_at)
  const allowedAddresses = readNetworks(wanted.allowed_addresses ?? [])
  const secret = randomToken(personalTokenPrefix)
  const tx = await ctx.begin()
  const id = await insertToken(tx, {
    profileId,
    accountId,
    name,
    hash: tokenHash(secret),
    scopes: scopes === null ? null : JSON.stringify(scopes),
    allowedAddresses,
    createdAt: ctx.clock.now(),
    expiresAt,
  })
  await audit(ctx, tx, {
    event: 'token.create',
    description: `Personal token ${name} created`,
    detail: { token: id, scopes, allowed_addresses: allowedAddresses, expires_at: expiresAt },
    accountId,
  })
  return { id, secret }
}

/** A stolen token must not be able to outlive itself, nor to take its owner's others away. */
export function refuseTokens({ identity }: SignedInContext): void {
  if (identity.via === 'token') throw new Refusal('forbidden')
}

function readScopes(sent: unknown, own: PrivilegeTree): PrivilegeTree | null {
  if (sent === undefined) return null
  // Sent and empty is a form with nothing ticked: it asks for no privilege, not for all.
  const scopes = parsePrivileges(sent)
  if (scopes === undefined) throw badField('scopes', 'field_format_error')
  if (!withinTree(scopes, own))
    throw new Refusal('privileges_exceeded', { fields: { scopes: ['privileges_exceeded'] } })
  return scopes
}

function readExpiry({ clock, config }: SignedInContext, sent: string | undefined): Date | null {
  if (sent === undefined || sent === '' || sent.startsWith('0000-00-00')) return null
  const at = readDateTime(sent, config.timeZone)
  if (at === undefined || at <= clock.now()) throw badField('expires_at', 'field_format_error')
  return at
}
