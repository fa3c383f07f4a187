import type { App, Identity } from '../../context.ts'
import { intersect, ownerPrivileges, type PrivilegeTree, parsePrivileges } from '../../privileges.ts'
import { Refusal } from '../../refusal.ts'
import { tokenHash } from '../../secrets.ts'
import { addressList, allows } from './address-list.ts'
import { type Asker, checkPassword } from './check-password.ts'
import type { Verified } from './identity-cache.ts'
import type { Keyring } from './keyring.ts'
import { findSessionHolder, recordSignIn } from './logins-store.ts'
import { findToken } from './tokens-store.ts'

/** Secrets of personal tokens start with this, so that they are told from passwords and access tokens. */
export const personalTokenPrefix = 'ikp'

/** What was verified without a date of its own is verified anew after ten minutes. */
const believedMs = 10 * 60_000

/** What a profile may do now. Stored trees are read as strictly as sent ones: a damaged one gives nothing. */
function privilegesOf(row: { readonly owner: boolean; readonly privileges: unknown }): PrivilegeTree {
  return row.owner ? ownerPrivileges : (parsePrivileges(row.privileges) ?? {})
}

/** Whom an access token stands for. */
export async function verifyAccessToken(app: App, keyring: Keyring, token: string): Promise<Verified> {
  const claims = await keyring.verify(token)
  if (claims === undefined) throw new Refusal('unauthorized')
  const holder = await findSessionHolder(app.db, claims.sessionId, claims.profileId, app.clock.now())
  if (holder === undefined) throw new Refusal('unauthorized')
  return {
    identity: { ...person(holder), privileges: privilegesOf(holder), via: 'session', sessionId: claims.sessionId },
    expiresAt: Math.min(claims.expiresAt, holder.expires_at.getTime()),
    allowed: [addressList(holder.allowed_addresses)],
    usedAt: 0,
  }
}

/** Whom a personal token stands for; undefined if it is none, or not of the user that was named. */
export async function verifyPersonalToken(app: App, secret: string, username?: string): Promise<Verified | undefined> {
  const now = app.clock.now()
  const token = await findToken(app.db, tokenHash(secret), now)
  if (token === undefined) return undefined
  if (username !== undefined && username.trim().toLowerCase() !== token.email) return undefined
  const own = privilegesOf(token)
  const scopes = token.scopes === null ? own : (parsePrivileges(token.scopes) ?? {})
  return {
    identity: { ...person(token), privileges: intersect(own, scopes), via: 'token', tokenId: token.id },
    expiresAt: Math.min(now.getTime() + believedMs, token.expires_at?.getTime() ?? Number.POSITIVE_INFINITY),
    allowed: [addressList(token.account_addresses), addressList(token.allowed_addresses)],
    usedAt: 0,
  }
}

/**
 * Whom a user name and password stand for. With a second factor on, a password alone proves nobody: scripts of
 * such a user send a personal token as the password.
 */
export async function verifyPassword(asker: Asker, username: string, password: string): Promise<Verified> {
  const login = await checkPassword(
    asker,
    username,
    password,
    row => row.totp_secret === null && allows(addressList(row.allowed_addresses), asker.address),
  )
  const now = asker.clock.now()
  await recordSignIn(asker.db, login.profile_id, now, asker.address)
  return {
    identity: { ...person(login), privileges: privilegesOf(login), via: 'password' },
    expiresAt: now.getTime() + believedMs,
    allowed: [addressList(login.allowed_addresses)],
    usedAt: 0,
  }
}

function person(row: {
  readonly account_id: string
  readonly profile_id: string
  readonly email: string
  readonly owner: boolean
}): Pick<Identity, 'accountId' | 'profileId' | 'email' | 'owner'> {
  return { accountId: row.account_id, profileId: row.profile_id, email: row.email, owner: row.owner }
}
