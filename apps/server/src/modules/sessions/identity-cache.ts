import { createHmac, createSecretKey, randomBytes } from 'node:crypto'
import type { Identity } from '../../context.ts'
import type { Notifications } from '../../db/notifications.ts'
import type { AddressList } from './address-list.ts'

/** A verified credential: whose it is, until when that may be believed, and from where it may be used. */
export interface Verified {
  readonly identity: Identity
  /** Milliseconds of the clock; from then on the credential is verified anew. */
  readonly expiresAt: number
  readonly allowed: readonly AddressList[]
  /** Of a personal token: when its use was last written down, in milliseconds. */
  usedAt: number
}

/**
 * Verified credentials by a keyed hash of what was presented, so that neither RSA, argon2 nor the database is asked
 * again. Never holds a secret. Other nodes' revocations arrive as notifications; while those may be missed the cache
 * is empty and stays so.
 */
export class IdentityCache {
  readonly #entries = new Map<string, Verified>()
  readonly #pending = new Map<string, Promise<Verified>>()
  readonly #notifications: Notifications
  readonly #capacity: number
  readonly #key = createSecretKey(randomBytes(32))
  #generation = 0

  constructor(notifications: Notifications, capacity = 20_000) {
    this.#notifications = notifications
    this.#capacity = capacity
  }

  /** Where a credential is kept. The key is random in each process, so the hash is worth nothing outside of it. */
  keyOf(credential: string): string {
    return createHmac('sha256', this.#key).update(credential).digest('base64')
  }

  get(key: string, now: number): Verified | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || !this.#notifications.connected()) return undefined
    this.#entries.delete(key)
    if (entry.expiresAt <= now) return undefined
    this.#entries.set(key, entry) // now the youngest: the oldest leaves first
    return entry
  }

  /**
   * Verifies, and keeps what was found. Concurrent calls for one key and address share one verification. A revocation
   * that arrives meanwhile may concern what is being verified, so the result is then used this once and not kept.
   */
  build(key: string, address: string, verify: () => Promise<Verified>): Promise<Verified> {
    const shared = `${key} ${address} ${this.#generation}`
    const running = this.#pending.get(shared)
    if (running !== undefined) return running
    const generation = this.#generation
    const started = verify()
      .then(verified => {
        if (generation === this.#generation && this.#notifications.connected()) this.#keep(key, verified)
        return verified
      })
      .finally(() => this.#pending.delete(shared))
    this.#pending.set(shared, started)
    return started
  }

  /** Forgets the entries a notification names: `account:ID`, `login:PROFILE`, `session:UUID` or `token:ID`. */
  drop(payload: string): void {
    this.#generation++
    const [kind, id] = payload.split(':')
    const field = fieldOf(kind)
    if (field === undefined) return
    for (const [key, { identity }] of this.#entries) if (identity[field] === id) this.#entries.delete(key)
  }

  clear(): void {
    this.#generation++
    this.#entries.clear()
  }

  get size(): number {
    return this.#entries.size
  }

  #keep(key: string, verified: Verified): void {
    this.#entries.set(key, verified)
    if (this.#entries.size <= this.#capacity) return
    const oldest = this.#entries.keys().next()
    if (!oldest.done) this.#entries.delete(oldest.value)
  }
}

function fieldOf(kind: string | undefined): 'accountId' | 'profileId' | 'sessionId' | 'tokenId' | undefined {
  if (kind === 'account') return 'accountId'
  if (kind === 'login') return 'profileId'
  if (kind === 'session') return 'sessionId'
  if (kind === 'token') return 'tokenId'
  return undefined
}
