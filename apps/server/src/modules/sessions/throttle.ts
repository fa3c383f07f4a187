import ipaddr from 'ipaddr.js'
import type { App, Context } from '../../context.ts'
import { Refusal } from '../../refusal.ts'
import { type BucketRule, clearAttempts, countAttempt, countUse, uncountAttempt } from './attempts-store.ts'

const windowSeconds = 15 * 60
const firstBlockSeconds = 30
const longestBlockSeconds = 60 * 60
const signupWindowSeconds = 60 * 60

type Needs = Pick<App, 'db' | 'clock' | 'secrets'>

/** An attempt that was counted before its outcome is known. */
export interface Attempt {
  /** RateLimit-* of the user's bucket, for the answer to a failure. */
  readonly headers: Readonly<Record<string, string>>
  /** It succeeded: the user's failures are forgotten, and the address is not blamed. */
  succeeded(): Promise<void>
}

/**
 * For other modules: counts one attempt at something anybody may ask for (a mailed link, for one) and refuses it with
 * `rate_limited` when there were too many from the address or about the same `subject`.
 */
export async function limitAttempts(ctx: Needs & Pick<Context, 'address'>, subject: string): Promise<void> {
  const bucket = `subject:${ctx.secrets.mac('attempt', subject).toString('base64url')}`
  await takeAttempt(ctx, { bucket, limit: 5 }, ctx.address)
}

/**
 * Counts one account opened from the address, apart from its failures to sign in, and refuses it with `rate_limited` when
 * there were as many within the hour as may be: each costs a slow hash and stays for ever.
 */
export async function limitSignups(ctx: Needs & Pick<Context, 'address' | 'config'>): Promise<void> {
  const rule: BucketRule = { bucket: `signup:${networkOf(ctx.address)}`, limit: ctx.config.signupsPerHour }
  if (rule.limit === 0) return
  const now = ctx.clock.now()
  const since = await countUse(ctx.db, rule, { now, windowSeconds: signupWindowSeconds })
  if (since === undefined) return
  const seconds = (since.getTime() - now.getTime()) / 1000 + signupWindowSeconds
  throw blocked(rule, Math.max(1, Math.ceil(seconds)))
}

/** The user's bucket. Keyed hash: people type their password where the user name belongs. */
export function userBucket({ secrets }: Pick<App, 'secrets'>, username: string): BucketRule {
  return { bucket: `user:${secrets.mac('attempt', username).toString('base64url')}`, limit: 5 }
}

/** Codes of the second factor, of one profile: fewer possibilities than passwords, so counted apart. */
export function codeBucket(profileId: string): BucketRule {
  return { bucket: `code:${profileId}`, limit: 5 }
}

/**
 * Counts an attempt to sign in before it is tried, against the user and the address, and refuses it while either is
 * blocked. Counting first is what makes a thousand guesses sent at once count as a thousand.
 */
export async function takeAttempt(app: Needs, user: BucketRule, address: string): Promise<Attempt> {
  const from: BucketRule = { bucket: `address:${networkOf(address)}`, limit: 20 }
  const now = app.clock.now()
  const times = { now, windowSeconds, blockSeconds: firstBlockSeconds, longest: longestBlockSeconds }
  const states = await countAttempt(app.db, [user, from], times)
  if (states.filter(state => state.counted).length < 2) {
    const until = Math.max(now.getTime() + 1000, ...states.map(state => state.blockedUntil?.getTime() ?? 0))
    throw blocked(user, Math.ceil((until - now.getTime()) / 1000))
  }
  const failures = states.find(state => state.bucket === user.bucket)?.failures ?? 0
  return {
    headers: rateLimit(user, Math.max(0, user.limit - failures), windowSeconds),
    async succeeded() {
      await clearAttempts(app.db, user.bucket)
      await uncountAttempt(app.db, from)
    },
  }
}

function blocked(user: BucketRule, seconds: number): Refusal {
  return new Refusal('rate_limited', { retryAfterSeconds: seconds, headers: rateLimit(user, 0, seconds) })
}

function rateLimit({ limit }: BucketRule, remaining: number, resetSeconds: number) {
  return {
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(resetSeconds),
  }
}

/** Whoever has one IPv6 address has its whole /64, so that is what is counted. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toNormalizedString().replace(/%.*$/, '')}/64`).toString()}/64`
}
