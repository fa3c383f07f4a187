import type { TestCard } from './money.ts'
import type { Account } from './operations.ts'
import { StripeRefusal } from './store.ts'

/** What people do who are not the merchant: those who pay, and their banks. */
export interface Customers {
  /** A customer with a card that was kept. */
  addCard(behaviour?: TestCard): { customerRef: string; cardRef: string }
  /** What a customer does on the page of a checkout. */
  pay(checkoutId: string, how?: { readonly card?: TestCard; readonly settles?: 'now' | 'later' }): void
  /** The bank says yes, or no, to what settles later. */
  settleLater(checkoutId: string, paid: boolean): void
}

const visa = { brand: 'visa', last4: '4242', exp_month: 12, exp_year: 2031 }

export function createCustomers({ store, money, events }: Account): Customers {
  function addCard(behaviour: TestCard = 'pm_card_visa', known?: unknown) {
    const customer = typeof known === 'string' ? known : store.add('cus', 'customer', {}).id
    const card = { type: 'card', customer, behaviour, card: visa }
    return { customerRef: customer, cardRef: store.add('pm', 'payment_method', card).id }
  }

  return {
    addCard,
    pay(checkoutId, { card = 'pm_card_visa', settles = 'now' } = {}) {
      const session = store.get(checkoutId, 'checkout.session')
      if (session.status !== 'open') throw new Error(`the page is ${session.status}`)
      const kept = addCard(card, session.customer)
      const known = session.customer ?? (session.customer_creation === 'always' ? kept.customerRef : null)
      const intent = store.add('pi', 'payment_intent', {
        amount: session.amount_total,
        amount_received: 0,
        currency: session.currency,
        customer: known,
        payment_method: kept.cardRef,
        description: session.intent_description,
        metadata: session.intent_metadata,
        status: 'processing',
        setup_future_usage: session.setup_future_usage,
        latest_charge: null,
        last_payment_error: null,
        cancellation_reason: null,
      })
      try {
        if (settles === 'now') money.capture(intent, store.get(kept.cardRef, 'payment_method'))
      } catch (error) {
        if (error instanceof StripeRefusal) return // the page says so, and stays open
        throw error
      }
      const payment_status = settles === 'now' ? 'paid' : 'unpaid'
      Object.assign(session, { status: 'complete', payment_status, payment_intent: intent.id })
      events.happened('checkout.session.completed', session)
    },
    settleLater(checkoutId, paid) {
      const session = store.get(checkoutId, 'checkout.session')
      const intent = store.get(session.payment_intent, 'payment_intent')
      if (paid) {
        money.capture(intent, store.get(intent.payment_method, 'payment_method'))
        session.payment_status = 'paid'
        return events.happened('checkout.session.async_payment_succeeded', session)
      }
      Object.assign(intent, { status: 'requires_payment_method', last_payment_error: { code: 'payment_failed' } })
      events.happened('checkout.session.async_payment_failed', session)
    },
  }
}
