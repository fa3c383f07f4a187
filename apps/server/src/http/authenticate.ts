import { type AuthScheme, profiles } from '@innkeeper/contract'
import type { App } from '../context.ts'
import {
  isAllowedFrom,
  noteUse,
  personalTokenPrefix,
  type Sessions,
  type Verified,
  verifyAccessToken,
  verifyPassword,
  verifyPersonalToken,
} from '../modules/sessions/index.ts'
import { Refusal } from '../refusal.ts'
import type { Credentials } from './surface.ts'
import type { Authenticate } from './user-api.ts'

/** Longer than any credential of ours: what is over it is not even hashed. */
const longestHeader = 8192

/**
 * Tells whom the Authorization header of a request stands for. What was verified is kept (identity-cache.ts), so that
 * all but the first request with a credential costs one keyed hash and no query.
 */
export function createAuthenticate(app: App, { identities, keyring }: Sessions): Authenticate {
  const schemes: readonly AuthScheme[] = profiles[app.config.profile].schemes

  async function verify(authorization: string, credentials: Credentials): Promise<Verified> {
    const [scheme = '', credential = ''] = splitOnce(authorization, ' ')
    if (scheme.toLowerCase() === 'bearer' && schemes.includes('bearer')) return bearer(credential.trim())
    if (scheme.toLowerCase() === 'basic' && schemes.includes('basic')) return basic(credential.trim(), credentials)
    throw new Refusal('unauthorized')
  }

  async function bearer(token: string): Promise<Verified> {
    if (!token.startsWith(`${personalTokenPrefix}_`)) return verifyAccessToken(app, keyring, token)
    const verified = await verifyPersonalToken(app, token)
    if (verified === undefined) throw new Refusal('unauthorized')
    return verified
  }

  async function basic(credential: string, { address, requestId }: Credentials): Promise<Verified> {
    const pair = readBasic(credential)
    if (pair === undefined) throw new Refusal('wronglogin')
    const [username, password] = pair
    // First, so that somebody else's failures, which block the password, never block a token.
    const byToken = password.startsWith(`${personalTokenPrefix}_`)
      ? await verifyPersonalToken(app, password, username)
      : undefined
    return byToken ?? verifyPassword({ ...app, address, requestId }, username, password)
  }

  return async credentials => {
    const { authorization, address } = credentials
    if (authorization === undefined) return undefined
    if (authorization.length > longestHeader) throw new Refusal('unauthorized')
    const now = app.clock.now().getTime()
    const key = identities.keyOf(authorization)
    try {
      const verified =
        identities.get(key, now) ?? (await identities.build(key, address, () => verify(authorization, credentials)))
      if (!isAllowedFrom(verified, address)) throw new Refusal('unauthorized')
      noteUse(app, verified, now)
      return verified.identity
    } catch (error) {
      throw challenged(error, authorization, schemes)
    }
  }
}

/** User name and password of RFC 7617; undefined unless it is exactly that, in UTF-8, with neither part empty. */
export function readBasic(credential: string): readonly [string, string] | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(credential)) return undefined
  const bytes = Buffer.from(credential, 'base64')
  if (bytes.toString('base64').replace(/=+$/, '') !== credential.replace(/=+$/, '')) return undefined
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const [username, password] = splitOnce(text, ':')
    return username === undefined || username === '' || !password ? undefined : [username, password]
  } catch {
    return undefined // not UTF-8
  }
}

/**
 * Adds how to do better (RFC 9110 section 11.6.1). A refused Basic credential always has both codes, so that it does not
 * show whether the password was right and only the address wrong.
 */
function challenged(error: unknown, authorization: string, schemes: readonly AuthScheme[]): unknown {
  if (!(error instanceof Refusal) || (error.code !== 'unauthorized' && error.code !== 'wronglogin')) return error
  const isBasic = schemes.includes('basic') && /^basic(?: |$)/i.test(authorization)
  const challenge =
    isBasic || !schemes.includes('bearer')
      ? 'Basic realm="User API", charset="UTF-8"'
      : 'Bearer realm="User API", error="invalid_token"'
  const headers = { ...error.detail.headers, 'www-authenticate': challenge }
  return isBasic
    ? new Refusal('wronglogin', { also: ['unauthorized'], headers })
    : new Refusal('unauthorized', { headers })
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}
