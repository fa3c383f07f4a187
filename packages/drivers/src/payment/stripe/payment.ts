import type Stripe from 'stripe'
import type { GatewayDispute, GatewayPayment, GatewayRefund, KeptCard, Outcome } from '../driver.ts'
import { fromStripe } from './amounts.ts'
import { reasonOf } from './errors.ts'

/** Where our keys stand in Stripe's objects. */
export const attemptKey = 'innkeeper_attempt'
export const refundKey = 'innkeeper_refund'

/** What has to be expanded in a payment intent for {@link outcomeOf}. */
export const wholeIntent = ['latest_charge.balance_transaction', 'payment_method']

/** What else is known of a payment. */
export interface Reversals {
  readonly refunds: readonly GatewayRefund[]
  readonly disputes: readonly GatewayDispute[]
}
/** Of a payment that was made this moment, or is not made. */
export const untold: Reversals = { refunds: [], disputes: [] }

/** What a payment intent says. One that was declined is over: nobody but us could try it again. */
export function outcomeOf(intent: Stripe.PaymentIntent, { refunds, disputes }: Reversals): Outcome {
  if (intent.status === 'canceled') return { state: 'failed', reason: intent.cancellation_reason ?? 'canceled' }
  if (intent.status === 'requires_payment_method' && intent.last_payment_error !== null) {
    return { state: 'failed', reason: reasonOf(intent.last_payment_error) }
  }
  if (intent.status !== 'succeeded') return { state: 'pending' }
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null
  const card = keptCard(intent)
  const fee = charge === null ? undefined : feeOf(charge, intent.currency)
  const payment: GatewayPayment = {
    id: intent.id,
    ...fromStripe(intent.amount_received, intent.currency),
    at: new Date((charge?.created ?? intent.created) * 1000),
    ...(fee === undefined ? {} : { feeMinor: fee }),
    ...(card === undefined ? {} : { card }),
    refunds,
    disputes,
  }
  return { state: 'paid', payment }
}

/**
 * What settled the charge says what it cost: a moment later, since Stripe captures asynchronously unless told otherwise
 * (https://docs.stripe.com/payments/payment-intents/asynchronous-capture), and then `charge.updated` is sent. Where it was
 * settled in another currency there is no fee that could be booked.
 */
function feeOf(charge: Stripe.Charge, currency: string): bigint | undefined {
  const settled = charge.balance_transaction
  if (settled === null || typeof settled === 'string' || settled.currency !== currency) return undefined
  return fromStripe(settled.fee, settled.currency).amountMinor
}

function keptCard(intent: Stripe.PaymentIntent): KeptCard | undefined {
  const { payment_method: method, customer, setup_future_usage } = intent
  if (setup_future_usage !== 'off_session' || customer === null) return undefined
  if (method === null || typeof method === 'string' || method.card === undefined) return undefined
  const { brand, last4, exp_month, exp_year } = method.card
  return {
    customerRef: typeof customer === 'string' ? customer : customer.id,
    cardRef: method.id,
    brand,
    last4,
    expires: `${exp_year}-${String(exp_month).padStart(2, '0')}`,
  }
}

export function refundOf(refund: Stripe.Refund): GatewayRefund {
  const key = refund.metadata?.[refundKey]
  const failed = refund.status === 'failed' || refund.status === 'canceled'
  return {
    id: refund.id,
    ...fromStripe(refund.amount, refund.currency),
    ...(key === undefined ? {} : { key }),
    state: failed ? 'failed' : refund.status === 'succeeded' ? 'succeeded' : 'pending',
  }
}

/** Where the money is shows in the movements of our balance: one when it was taken, another when it came back. */
export function disputeOf(dispute: Stripe.Dispute): GatewayDispute {
  const moves = dispute.balance_transactions
  const fee = moves.filter(move => move.currency === dispute.currency).reduce((sum, move) => sum + move.fee, 0)
  const back = moves.some(move => move.amount > 0)
  return {
    id: dispute.id,
    ...fromStripe(dispute.amount, dispute.currency),
    state: moves.length === 0 ? 'open' : back ? 'won' : 'withdrawn',
    ...(fee > 0 ? { feeMinor: fromStripe(fee, dispute.currency).amountMinor } : {}),
  }
}
