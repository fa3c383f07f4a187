import type { Events } from './events.ts'
import { invalid, type Store, type StripeObject, StripeRefusal } from './store.ts'

/** The cards of the test, by what they do; their names are Stripe's own test cards. */
export type TestCard = 'pm_card_visa' | 'pm_card_chargeDeclined' | 'pm_card_authenticationRequired'

const declines: Readonly<Record<string, { code: string; decline_code: string }>> = {
  pm_card_chargeDeclined: { code: 'card_declined', decline_code: 'insufficient_funds' },
  pm_card_authenticationRequired: { code: 'authentication_required', decline_code: 'authentication_required' },
}

/** How money moves in the account. */
export interface Money {
  /** Takes the money of a payment intent, or throws what the card's bank says. */
  capture(intent: StripeObject, card: StripeObject): void
  /** From now on captures are asynchronous: what they cost is known once they are settled. */
  captureLate(): void
  settle(intent: StripeObject): void
  refund(intent: StripeObject, amount: number, metadata: object, state?: 'succeeded' | 'pending'): StripeObject
  /** The bank sends it back: what was refunded is there again. */
  failRefund(refund: StripeObject): void
  dispute(intent: StripeObject): StripeObject
  closeDispute(dispute: StripeObject, status: 'won' | 'lost'): void
}

export function createMoney(store: Store, events: Events): Money {
  let late = false
  const move = (amount: number, currency: unknown, fee: number) =>
    store.add('txn', 'balance_transaction', { amount, currency, fee, net: amount - fee })
  // As Stripe's European price: 1.5 % and 25 cents.
  const moveCharge = (amount: number, currency: unknown) => move(amount, currency, Math.round(amount * 0.015) + 25)

  return {
    capture(intent, card) {
      const declined = declines[String(card.behaviour)]
      if (declined !== undefined) {
        intent.status = 'requires_payment_method'
        intent.last_payment_error = { type: 'card_error', ...declined }
        events.happened('payment_intent.payment_failed', intent)
        const message = 'Your card was declined.'
        throw new StripeRefusal(402, { type: 'card_error', ...declined, message, payment_intent: intent })
      }
      const amount = Number(intent.amount)
      const charge = store.add('ch', 'charge', {
        amount,
        amount_refunded: 0,
        currency: intent.currency,
        payment_intent: intent.id,
        balance_transaction: late ? null : moveCharge(amount, intent.currency).id,
        refunded: false,
        disputed: false,
        metadata: intent.metadata,
      })
      Object.assign(intent, {
        status: 'succeeded',
        amount_received: amount,
        latest_charge: charge.id,
        payment_method: card.id,
      })
      events.happened('payment_intent.succeeded', intent)
    },
    captureLate() {
      late = true
    },
    settle(intent) {
      const charge = store.get(intent.latest_charge, 'charge')
      if (charge.balance_transaction !== null) throw new Error(`${charge.id} is settled`)
      charge.balance_transaction = moveCharge(Number(charge.amount), charge.currency).id
      events.happened('charge.updated', charge)
    },
    refund(intent, amount, metadata, state = 'succeeded') {
      if (intent.status !== 'succeeded') throw invalid('', `PaymentIntent ${intent.id} has no charge to refund.`)
      const charge = store.get(intent.latest_charge, 'charge')
      const left = Number(charge.amount) - Number(charge.amount_refunded)
      if (left === 0) throw invalid('charge_already_refunded', `Charge ${charge.id} has already been refunded.`)
      if (!(amount > 0) || amount > left)
        throw invalid('amount_too_large', 'Refund amount is greater than what is left.')
      charge.amount_refunded = Number(charge.amount_refunded) + amount
      charge.refunded = charge.amount_refunded === charge.amount
      const { currency } = intent
      const fields = { amount, currency, payment_intent: intent.id, charge: charge.id, metadata, status: state }
      const refund = store.add('re', 'refund', fields)
      events.happened('charge.refunded', charge)
      return refund
    },
    failRefund(refund) {
      const charge = store.get(refund.charge, 'charge')
      refund.status = 'failed'
      charge.amount_refunded = Number(charge.amount_refunded) - Number(refund.amount)
      charge.refunded = false
      events.happened('refund.failed', refund)
    },
    dispute(intent) {
      const charge = store.get(intent.latest_charge, 'charge')
      charge.disputed = true
      const dispute = store.add('du', 'dispute', {
        amount: charge.amount,
        currency: intent.currency,
        charge: charge.id,
        payment_intent: intent.id,
        status: 'needs_response',
        metadata: {},
        balance_transactions: [move(-Number(charge.amount), intent.currency, 2000)],
      })
      events.happened('charge.dispute.created', dispute)
      return dispute
    },
    closeDispute(dispute, status) {
      dispute.status = status
      if (status === 'won') {
        const back = move(Number(dispute.amount), dispute.currency, 0)
        dispute.balance_transactions = [...(dispute.balance_transactions as StripeObject[]), back] // ours, above
      }
      events.happened('charge.dispute.closed', dispute)
    },
  }
}
