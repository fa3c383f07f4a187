import { createHash, randomUUID } from 'node:crypto'
import { DriverError, type GatewayRefund } from '@innkeeper/drivers'
import type { Minor } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import { enqueue } from '../../jobs/index.ts'
import { badField, notFound, Refusal } from '../../refusal.ts'
import { rehearse, separately } from '../../separately.ts'
import { audit } from '../audit/index.ts'
import { lockAccount, type PaymentState, paymentById, refundPayment } from '../billing/index.ts'
import { bookOrPark } from './book-or-park.ts'
import { gatewayOf } from './gateways.ts'
import { refundKind } from './job-kinds.ts'
import { decideRefund, insertRefund, type KnownRefund, type RefundAttempt, refundByKey } from './refund-store.ts'
import { inProgress } from './take-lease.ts'

/** A job looks after a refund whose maker did not live to see the end of it. */
const lookMilliseconds = 90_000

export interface RefundWish {
  readonly paymentId: string
  /** What has not gone back yet, unless told. */
  readonly amountMinor?: Minor | undefined
  readonly note?: string | undefined
}

export interface GivenBack {
  /** `unknown`: the gateway did not answer; a job goes on with it under the same key, so it is given back once. */
  readonly state: 'refunded' | 'unknown'
  readonly amountMinor: Minor
}

/**
 * Gives a payment back, whole or in part, by the gateway that it came in by; once for an Idempotency-Key, whatever died
 * in between. Refuses what billing would refuse before money moves.
 */
export async function refundThroughGateway(ctx: Context, wish: RefundWish): Promise<GivenBack> {
  const payment = await paymentById(ctx.db, wish.paymentId)
  if (payment === undefined) throw notFound()
  if (!ctx.gateways.has(payment.gateway)) throw new Refusal('conflict', { also: ['no_gateway'] })
  const id = refundId(ctx, payment.id)
  const known = await orderedBefore(ctx, id, wish)
  const attempt = known ?? (await order(ctx, payment, id, wish))
  const { amountMinor } = attempt
  if (known?.state === 'succeeded') return { state: 'refunded', amountMinor }
  try {
    await carryOut(ctx, payment, attempt)
    return { state: 'refunded', amountMinor }
  } catch (error) {
    if (!(error instanceof DriverError) || !mayHaveHappened(error)) throw error
    ctx.log.warn({ err: error, attempt: id }, 'the gateway did not say what became of a refund')
    return { state: 'unknown', amountMinor }
  }
}

/** Goes on with a refund that nobody knows the end of; done, where there is none any more. */
export async function resumeRefund(ctx: Context, attemptId: string): Promise<void> {
  const attempt = await refundByKey(ctx.db, attemptId)
  const payment = attempt?.state === 'open' ? await paymentById(ctx.db, attempt.paymentId) : undefined
  if (attempt !== undefined && payment !== undefined) await carryOut(ctx, payment, attempt)
}

/** By the key of the request, so that the same one sent again finds the refund it has ordered (UUIDv8, RFC 9562 §5.8). */
function refundId({ idempotencyKey }: Context, paymentId: string): string {
  if (idempotencyKey === undefined) return randomUUID()
  const hash = createHash('sha256').update(`${paymentId} ${idempotencyKey}`).digest('hex')
  return hash.replace(/^(.{8})(.{4})(.{3})(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5')
}

/** What the same request has ordered already. Refuses what it would be refused again, or does not ask for again. */
async function orderedBefore(ctx: Context, id: string, { amountMinor }: RefundWish): Promise<KnownRefund | undefined> {
  const known = ctx.idempotencyKey === undefined ? undefined : await refundByKey(ctx.db, id)
  if (known === undefined) return undefined
  if (amountMinor !== undefined && amountMinor !== known.amountMinor) throw new Refusal('idempotency_key_reused')
  if (known.state === 'failed') throw new DriverError('refused', known.error ?? 'the gateway refused the refund')
  return known
}

/** Writes down who gives what back, and the job that sees to it if they do not live to see the end of it. */
async function order(ctx: Context, payment: PaymentState, id: string, wish: RefundWish): Promise<RefundAttempt> {
  const { id: paymentId, accountId } = payment
  const leftMinor = payment.amountMinor - payment.reversedMinor
  if (leftMinor === 0n) throw new Refusal('conflict', { also: ['refunded_already'] })
  const { amountMinor = leftMinor, note = '' } = wish
  const attempt = { id, accountId, paymentId, amountMinor, note }
  await rehearse(ctx, (apart, tx) =>
    refundPayment(apart, tx, { paymentId, amountMinor, externalId: id, to: 'gateway' }),
  )
  await separately(ctx, async (apart, tx) => {
    await lockAccount(tx, accountId)
    const fresh = await paymentById(tx, paymentId)
    if (fresh === undefined || amountMinor > fresh.amountMinor - fresh.reversedMinor) {
      throw badField('amount', 'field_format_error')
    }
    const now = apart.clock.now()
    if (!(await insertRefund(tx, attempt, now))) throw inProgress()
    await audit(apart, tx, {
      event: 'refund.order',
      description: `Refund of payment ${payment.externalId} ordered`,
      detail: { payment: paymentId, attempt: id, amount_minor: String(amountMinor), currency: payment.currency },
      accountId,
    })
    const runAt = new Date(now.getTime() + lookMilliseconds)
    await enqueue(tx, refundKind, { attemptId: id }, { key: id, runAt })
  })
  return attempt
}

async function carryOut(ctx: Context, payment: PaymentState, attempt: RefundAttempt): Promise<void> {
  const gateway = gatewayOf(ctx, payment.gateway)
  let refund: GatewayRefund
  try {
    const { amountMinor } = attempt
    const { currency, externalId } = payment
    // Gateways forget keys after a day or so; what they have made stays in the payment.
    const outcome = await gateway.find(externalId)
    const made = outcome.state === 'paid' ? outcome.payment.refunds.find(one => one.key === attempt.id) : undefined
    refund = made ?? (await gateway.refund(attempt.id, externalId, { amountMinor, currency }))
  } catch (error) {
    if (error instanceof DriverError && !mayHaveHappened(error)) await giveUp(ctx, payment, attempt, error.message)
    throw error
  }
  if (refund.state === 'failed') {
    await giveUp(ctx, payment, attempt, 'the gateway could not deliver it')
    throw new DriverError('refused', 'the gateway could not deliver the refund')
  }
  const { id: externalId, currency } = refund
  await separately(ctx, async (apart, tx) => {
    await lockAccount(tx, attempt.accountId)
    const { paymentId, amountMinor, note } = attempt
    const moved = { ...payment, what: `refund ${externalId} of payment ${paymentId}` }
    await bookOrPark(apart, tx, moved, () =>
      refundPayment(apart, tx, { paymentId, amountMinor, currency, note, externalId, to: 'gateway' }),
    )
    await decideRefund(tx, attempt, { state: 'succeeded', externalId, at: ctx.clock.now() })
  })
}

function mayHaveHappened({ kind }: DriverError): boolean {
  return kind === 'timeout' || kind === 'unavailable'
}

async function giveUp(ctx: Context, payment: PaymentState, attempt: RefundAttempt, error: string): Promise<void> {
  const { id, accountId, paymentId, amountMinor } = attempt
  await separately(ctx, async (apart, tx) => {
    if (!(await decideRefund(tx, attempt, { state: 'failed', error, at: apart.clock.now() }))) return
    await audit(apart, tx, {
      event: 'refund.fail',
      description: `Refund of payment ${payment.externalId} could not be made`,
      detail: { payment: paymentId, attempt: id, reason: error, amount_minor: String(amountMinor) },
      accountId,
    })
  })
}
