import { createHash, createPublicKey, generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { createDecoder, createSigner, createVerifier } from 'fast-jwt'
import type { App } from '../../context.ts'
import { announce } from './announce.ts'
import { insertKey, type KeyRow, retireKeys, selectKeys, withKeysLocked } from './keys-store.ts'

/** What an access token says (RFC 9068 in small): whose it is, of which sign-in, and until when. */
export interface AccessClaims {
  readonly profileId: string
  readonly sessionId: string
  /** Milliseconds. */
  readonly expiresAt: number
}

export interface Keyring {
  /** Signs an access token that is good for the configured time. */
  sign(claims: Omit<AccessClaims, 'expiresAt'>): string
  /** The claims of a token of ours; undefined for anything else, an expired one included. */
  verify(token: string): Promise<AccessClaims | undefined>
  /** The public keys, RFC 7517 section 5. */
  jwks(): { keys: Readonly<Record<string, unknown>>[] }
  reload(): Promise<void>
}

interface Loaded {
  readonly sign: (claims: object) => string
  readonly verifiers: ReadonlyMap<string, { readonly verify: (token: string) => unknown; readonly until: number }>
  readonly publicKeys: Readonly<Record<string, unknown>>[]
}

/** A node that has not heard of a rotation yet still signs with the old key for a moment. */
const rotationGraceMs = 60_000
/** Tokens with invented key ids make at most one look-up in this time. */
const reloadEveryMs = 1000

/** Opens the keys of this installation; makes the first one if there is none. */
export async function openKeyring(app: App): Promise<Keyring> {
  if ((await selectKeys(app.db)).every(key => key.retiredAt !== null)) await addKey(app, false)
  let loaded = await load(app)
  let reloading: Promise<void> | undefined
  let unknownAskedAt = Number.NEGATIVE_INFINITY
  const decodeHeader = createDecoder({ complete: true })

  async function reload(): Promise<void> {
    reloading ??= load(app)
      .then(next => {
        loaded = next
      })
      .finally(() => {
        reloading = undefined
      })
    await reloading
  }

  async function verifierOf(kid: string) {
    const known = loaded.verifiers.get(kid)
    if (known !== undefined || kid.length > 64) return known
    // Not the business clock: this only spares the database.
    if (performance.now() - unknownAskedAt < reloadEveryMs) await reloading
    else {
      unknownAskedAt = performance.now()
      await reload()
    }
    return loaded.verifiers.get(kid)
  }

  return {
    sign({ profileId, sessionId }) {
      const now = Math.floor(app.clock.now().getTime() / 1000)
      return loaded.sign({ sub: profileId, sid: sessionId, iat: now, exp: now + app.config.accessTokenSeconds })
    },
    async verify(token) {
      const kid = kidOf(decodeHeader, token)
      const verifier = kid === undefined ? undefined : await verifierOf(kid)
      const now = app.clock.now().getTime()
      if (verifier === undefined || verifier.until <= now) return undefined
      try {
        return claimsOf(verifier.verify(token), now)
      } catch {
        return undefined // every way of being no token of ours is the same to the caller
      }
    },
    jwks: () => ({ keys: loaded.publicKeys }),
    reload,
  }
}

/** Replaces the key that signs. Tokens of the old one stay good until they expire. */
export async function rotateKeys(app: App): Promise<void> {
  await addKey(app, true)
  app.notifications.deliver('auth', 'keys')
}

async function addKey(app: App, replace: boolean): Promise<void> {
  const key = await newKey(app) // takes a while, so before the lock; a node that comes second throws its key away
  await withKeysLocked(app.db, async tx => {
    const at = app.clock.now()
    const current = (await selectKeys(tx)).some(known => known.retiredAt === null)
    if (current && !replace) return
    if (current) await retireKeys(tx, at)
    await insertKey(tx, key, at)
    await announce(tx, 'keys')
  })
}

async function newKey({ secrets }: App): Promise<Omit<KeyRow, 'retiredAt'>> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const { n, e } = publicKey.export({ format: 'jwk' })
  // RFC 7638: the thumbprint names the key, so that two keys never share a name.
  const kid = createHash('sha256')
    .update(JSON.stringify({ e, kty: 'RSA', n }))
    .digest('base64url')
  return {
    kid,
    privateKey: secrets.encrypt(`signing_key:${kid}`, privateKey.export({ type: 'pkcs8', format: 'pem' })),
    publicJwk: { kty: 'RSA', use: 'sig', alg: 'RS256', kid, n, e },
  }
}

async function load(app: App): Promise<Loaded> {
  const now = app.clock.now().getTime()
  const rows = (await selectKeys(app.db))
    .map(row => ({ ...row, until: verifiesUntil(app, row) }))
    .filter(row => row.until > now)
  const signing = rows[0]
  if (signing === undefined || signing.retiredAt !== null) throw new Error('there is no key to sign access tokens with')
  const iss = app.config.publicUrl
  const aud = `${app.config.publicUrl}/api`
  const verifiers = rows.map(row => {
    const key = createPublicKey({ key: row.publicJwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
    const verify = createVerifier({
      key: String(key),
      algorithms: ['RS256'], // pinned: neither `none` nor an HMAC with the public key as its secret (RFC 8725 section 3.1)
      allowedIss: iss,
      allowedAud: aud,
      requiredClaims: ['iss', 'aud', 'sub', 'sid', 'exp'],
      ignoreExpiration: true, // judged by the clock of the app, in claimsOf
      cache: false, // the identity cache knows revocation, this one would not
    })
    return [row.kid, { verify: (token: string): unknown => verify(token), until: row.until }] as const
  })
  return {
    sign: createSigner({
      key: app.secrets.decrypt(`signing_key:${signing.kid}`, signing.privateKey).toString(),
      algorithm: 'RS256',
      kid: signing.kid,
      iss,
      aud,
    }),
    verifiers: new Map(verifiers),
    publicKeys: rows.map(row => row.publicJwk),
  }
}

function verifiesUntil(app: App, { retiredAt }: KeyRow): number {
  if (retiredAt === null) return Number.POSITIVE_INFINITY
  return retiredAt.getTime() + app.config.accessTokenSeconds * 1000 + rotationGraceMs
}

function kidOf(decode: (token: string) => unknown, token: string): string | undefined {
  try {
    const { header } = decode(token) as { header?: { kid?: unknown } } // checked next
    return typeof header?.kid === 'string' ? header.kid : undefined
  } catch {
    return undefined
  }
}

function claimsOf(payload: unknown, now: number): AccessClaims | undefined {
  const { sub, sid, exp } = payload as { sub?: unknown; sid?: unknown; exp?: unknown } // checked next
  if (typeof sub !== 'string' || !/^[1-9]\d{0,17}$/.test(sub)) return undefined
  if (typeof sid !== 'string' || !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(sid)) return undefined
  if (typeof exp !== 'number') return undefined
  return exp * 1000 > now ? { profileId: sub, sessionId: sid, expiresAt: exp * 1000 } : undefined
}
