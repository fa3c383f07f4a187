import { randomUUID } from 'node:crypto'
import { DriverError, type GatewayRefund } from '@innkeeper/drivers'
import type { Minor } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import { enqueue } from '../../jobs/index.ts'
import { badField, notFound, Refusal } from '../../refusal.ts'
import { rehearse, separately } from '../../separately.ts'
import { lockAccount, type PaymentState, paymentById, refundPayment } from '../billing/index.ts'
import { gatewayOf } from './gateways.ts'
import { refundKind } from './job-kinds.ts'
import { decideRefund, insertRefund, openRefund, type RefundAttempt } from './refund-store.ts'

/** A job looks after a refund whose maker did not live to see the end of it. */
const lookMilliseconds = 90_000

export interface RefundWish {
  readonly paymentId: string
  readonly amountMinor: Minor
  readonly note?: string
}

/**
 * Gives a payment back, whole or in part, by the gateway that it came in by. `unknown`: the gateway did not answer; a job
 * goes on with it under the same key, so it is given back once. Refuses what billing would refuse before money moves.
 */
export async function refundThroughGateway(ctx: Context, wish: RefundWish): Promise<'refunded' | 'unknown'> {
  const { paymentId, amountMinor, note = '' } = wish
  const payment = await paymentById(ctx.db, paymentId)
  if (payment === undefined) throw notFound()
  if (!ctx.gateways.has(payment.gateway)) throw new Refusal('conflict', { also: ['no_gateway'] })
  const attempt = { id: randomUUID(), accountId: payment.accountId, paymentId, amountMinor, note }
  await rehearse(ctx, (apart, tx) =>
    refundPayment(apart, tx, { paymentId, amountMinor, externalId: attempt.id, to: 'gateway' }),
  )
  await separately(ctx, async (_apart, tx) => {
    await lockAccount(tx, attempt.accountId)
    const fresh = await paymentById(tx, paymentId)
    if (fresh === undefined || amountMinor > fresh.amountMinor - fresh.reversedMinor) {
      throw badField('amount', 'field_format_error')
    }
    const now = ctx.clock.now()
    if (!(await insertRefund(tx, attempt, now))) throw new Refusal('payment_in_progress', { retryAfterSeconds: 5 })
    const runAt = new Date(now.getTime() + lookMilliseconds)
    await enqueue(tx, refundKind, { attemptId: attempt.id }, { key: attempt.id, runAt })
  })
  try {
    await carryOut(ctx, payment, attempt)
    return 'refunded'
  } catch (error) {
    if (!(error instanceof DriverError) || !mayHaveHappened(error)) throw error
    ctx.log.warn({ err: error, attempt: attempt.id }, 'the gateway did not say what became of a refund')
    return 'unknown'
  }
}

/** Goes on with a refund that nobody knows the end of; done, where there is none any more. */
export async function resumeRefund(ctx: Context, attemptId: string): Promise<void> {
  const attempt = await openRefund(ctx.db, attemptId)
  const payment = attempt === undefined ? undefined : await paymentById(ctx.db, attempt.paymentId)
  if (attempt !== undefined && payment !== undefined) await carryOut(ctx, payment, attempt)
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
    if (error instanceof DriverError && !mayHaveHappened(error)) await giveUp(ctx, attempt, error.message)
    throw error
  }
  if (refund.state === 'failed') {
    await giveUp(ctx, attempt, 'the gateway could not deliver it')
    throw new DriverError('refused', 'the gateway could not deliver the refund')
  }
  const { id: externalId } = refund
  await separately(ctx, async (apart, tx) => {
    await lockAccount(tx, attempt.accountId)
    const { paymentId, amountMinor, note } = attempt
    await refundPayment(apart, tx, { paymentId, amountMinor, note, externalId, to: 'gateway' })
    await decideRefund(tx, attempt, { state: 'succeeded', externalId, at: ctx.clock.now() })
  })
}

function mayHaveHappened({ kind }: DriverError): boolean {
  return kind === 'timeout' || kind === 'unavailable'
}

async function giveUp(ctx: Context, attempt: RefundAttempt, error: string): Promise<void> {
  const at = ctx.clock.now()
  await separately(ctx, (_apart, tx) => decideRefund(tx, attempt, { state: 'failed', error, at }))
}
