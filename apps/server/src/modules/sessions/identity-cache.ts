import { hash, randomBytes } from 'node:crypto'
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

interface Entry {
  readonly verified: Verified
  /** What a notification that ends it says. */
  readonly tags: readonly string[]
  /** Whether it was asked for since the hand came by last. */
  recent: boolean
}

/**
 * Verified credentials by a keyed hash of what was presented, so that neither RSA, argon2 nor the database is asked
 * again. Never holds a secret. Other nodes' revocations arrive as notifications; while those may be missed the cache
 * is empty and stays so.
 *
 * Room is made as a clock does it: the hand passes over what was asked for lately. Moving an entry to the end of the
 * Map at each use would be the shorter way to that order, but a Map keeps the traces of what was deleted, and one busy
 * credential would walk past thousands of its own.
 */
export class IdentityCache {
  readonly #entries = new Map<string, Entry>()
  readonly #keysByTag = new Map<string, Set<string>>()
  readonly #pending = new Map<string, Promise<Verified>>()
  readonly #notifications: Notifications
  readonly #capacity: number
  readonly #secret = randomBytes(32).toString('base64')
  #hand = this.#entries.entries()
  #generation = 0

  constructor(notifications: Notifications, capacity = 10_000) {
    this.#notifications = notifications
    this.#capacity = capacity
  }

  /**
   * Where a credential is kept. The secret is random in each process, so the hash is worth nothing outside of it. As no
   * hash is ever shown to anybody, the secret in front does what an HMAC would, in a fifth of the time.
   */
  keyOf(credential: string): string {
    return hash('sha256', this.#secret + credential, 'base64')
  }

  get(key: string, now: number): Verified | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || !this.#notifications.connected()) return undefined
    if (entry.verified.expiresAt <= now) {
      this.#forget(key)
      return undefined
    }
    entry.recent = true
    return entry.verified
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
  drop(tag: string): void {
    this.#generation++
    for (const key of this.#keysByTag.get(tag) ?? []) this.#forget(key)
  }

  clear(): void {
    this.#generation++
    this.#entries.clear()
    this.#keysByTag.clear()
  }

  get size(): number {
    return this.#entries.size
  }

  #keep(key: string, verified: Verified): void {
    this.#forget(key)
    while (this.#entries.size >= this.#capacity) this.#makeRoom()
    const tags = tagsOf(verified.identity)
    this.#entries.set(key, { verified, tags, recent: false })
    for (const tag of tags) {
      const keys = this.#keysByTag.get(tag)
      if (keys === undefined) this.#keysByTag.set(tag, new Set([key]))
      else keys.add(key)
    }
  }

  #makeRoom(): void {
    const next = this.#hand.next()
    if (next.done) {
      this.#hand = this.#entries.entries()
      return
    }
    const [key, entry] = next.value
    if (entry.recent) entry.recent = false
    else this.#forget(key)
  }

  #forget(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    for (const tag of entry.tags) {
      const keys = this.#keysByTag.get(tag)
      keys?.delete(key)
      if (keys?.size === 0) this.#keysByTag.delete(tag)
    }
  }
}

function tagsOf({ accountId, profileId, sessionId, tokenId }: Identity): string[] {
  const tags = [`account:${accountId}`, `login:${profileId}`]
  if (sessionId !== undefined) tags.push(`session:${sessionId}`)
  if (tokenId !== undefined) tags.push(`token:${tokenId}`)
  return tags
}
