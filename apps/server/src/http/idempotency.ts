import { createHash } from 'node:crypto'
import type { AnyOperation } from '@innkeeper/contract'
import type { App } from '../context.ts'
import type { Tx } from '../db/database.ts'
import { Refusal } from '../refusal.ts'
import { findAnswer, keepAnswer, lockKey } from './idempotency-store.ts'
import { type Caller, isStaff } from './surface.ts'

/** How long the answer to a key is kept. */
const keptMilliseconds = 24 * 3_600_000
const purpose = 'idempotent-answer'

/** What was answered, as it went over the wire. */
export interface SentAnswer {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

/** One use of an Idempotency-Key. */
export interface KeyedRequest {
  readonly scope: string
  readonly key: string
  /** Two requests with the same one ask for the same thing. */
  readonly fingerprint: Buffer
}

/** Thrown by {@link keep} when another request has stored its answer meanwhile: roll back, then claim again. */
export class AnsweredMeanwhile extends Error {
  override readonly name = 'AnsweredMeanwhile'
}

/** The key a request carries; undefined without one, and for operations that keep no answer. */
export function keyedRequest(
  app: App,
  operation: AnyOperation,
  sent: string | readonly string[] | undefined,
  { caller, address }: { readonly caller: Caller | undefined; readonly address: string },
  input: Readonly<Record<string, unknown>>,
): KeyedRequest | undefined {
  if (sent === undefined || operation.method === 'GET' || !operation.replayable) return undefined
  if (typeof sent !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(sent)) throw new Refusal('bad_request')
  const { scope, person } = ownerOf(caller, address)
  // Input can hold passwords, so the fingerprint is a keyed hash. People of one account do not see each other's answers.
  const asked = JSON.stringify([operation.method, operation.path, person, canonical(input)])
  return {
    scope,
    key: sent,
    fingerprint: app.secrets.mac(purpose, asked),
  }
}

/** Among whose keys a key is looked up, and who of them sent it. */
function ownerOf(caller: Caller | undefined, address: string): { scope: string; person: string | null } {
  if (caller === undefined) return { scope: `address:${address}`, person: null }
  if (isStaff(caller)) return { scope: `staff:${caller.staffId}`, person: caller.staffId }
  return { scope: `account:${caller.accountId}`, person: caller.profileId }
}

/** The same text for the same input, in whatever order its keys came. */
function canonical(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(canonical)
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, canonical(item)])
}

/** Takes the key for this transaction. Gives the answer already stored for it, or refuses. */
export async function claim(
  app: App,
  tx: Tx,
  { scope, key, fingerprint }: KeyedRequest,
): Promise<SentAnswer | undefined> {
  const lock = createHash('sha256').update(scope).update('\0').update(key).digest().readBigInt64BE(0)
  const free = await lockKey(tx, lock)
  const row = await findAnswer(tx, scope, key, answersExpiry(app))
  // Not free and answered: those who hold it now are late like this one, and want the same answer.
  if (row === undefined && !free) throw new Refusal('idempotency_in_flight')
  if (row === undefined) return undefined
  if (!row.fingerprint.equals(fingerprint)) throw new Refusal('idempotency_key_reused')
  const [headers, body] = JSON.parse(app.secrets.decrypt(purpose, row.answer).toString()) as [
    [string, string][],
    string,
  ] // as keep() wrote it
  return { status: row.status, headers, body }
}

/** Stores the answer in the transaction of the change: after a crash either both are there or neither. */
export async function keep(
  app: App,
  tx: Tx,
  { scope, key, fingerprint }: KeyedRequest,
  sent: SentAnswer,
): Promise<void> {
  const answer = app.secrets.encrypt(purpose, JSON.stringify([sent.headers, sent.body]))
  const row = { scope, key, fingerprint, status: sent.status, answer, created_at: app.clock.now() }
  if (!(await keepAnswer(tx, row, answersExpiry(app)))) throw new AnsweredMeanwhile()
}

/** Answers stored before this count no more. */
export function answersExpiry(app: Pick<App, 'clock'>): Date {
  return new Date(app.clock.now().getTime() - keptMilliseconds)
}
