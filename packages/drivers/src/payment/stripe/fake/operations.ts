import type { Events } from './events.ts'
import type { Form } from './form.ts'
import type { Money } from './money.ts'
import { invalid, type Store, type StripeObject } from './store.ts'

/** What the account does when its API is called. */
export interface Operation {
  readonly method: 'GET' | 'POST'
  readonly path: RegExp
  /** `id` is what the path named. */
  run(form: Form, id: string): StripeObject | StripeObject[]
}

export interface Account {
  readonly store: Store
  readonly money: Money
  readonly events: Events
  now(): Date
}

const halfAnHour = 1800
const aDay = 86_400

export function operationsOf(account: Account): Operation[] {
  const { store } = account
  const post = (path: RegExp, run: Operation['run']): Operation => ({ method: 'POST', path, run })
  const get = (path: RegExp, run: Operation['run']): Operation => ({ method: 'GET', path, run })
  const ofIntent =
    (object: string): Operation['run'] =>
    form => {
      const intent = form.text('payment_intent')
      form.number('limit')
      return store.list(object, one => one.payment_intent === intent)
    }
  return [
    post(/^checkout\/sessions$/, form => createSession(account, form)),
    get(/^checkout\/sessions\/(\w+)$/, (_form, id) => store.get(id, 'checkout.session')),
    post(/^checkout\/sessions\/(\w+)\/expire$/, (_form, id) => expireSession(account, id)),
    post(/^payment_intents$/, form => createIntent(account, form)),
    get(/^payment_intents\/(\w+)$/, (_form, id) => store.get(id, 'payment_intent')),
    post(/^payment_intents\/(\w+)\/confirm$/, (form, id) => confirmIntent(account, form, id)),
    post(/^payment_intents\/(\w+)\/cancel$/, (_form, id) => cancelIntent(account, id)),
    post(/^refunds$/, form => {
      const intent = store.get(form.text('payment_intent'), 'payment_intent')
      return account.money.refund(intent, form.number('amount') ?? 0, form.tree('metadata'))
    }),
    get(/^refunds$/, ofIntent('refund')),
    get(/^disputes$/, ofIntent('dispute')),
    post(/^payment_methods\/(\w+)\/detach$/, (_form, id) => {
      const card = store.get(id, 'payment_method')
      if (card.customer === null) throw invalid('', 'The payment method you provided is not attached to a customer.')
      card.customer = null
      return card
    }),
  ]
}

function createSession({ store, now: clock }: Account, form: Form): StripeObject {
  const line = 'line_items[0]'
  const amount = amountOf(form.number(`${line}[price_data][unit_amount]`))
  const currency = currencyOf(form.text(`${line}[price_data][currency]`))
  if (form.number(`${line}[quantity]`) !== 1 || form.text('mode') !== 'payment') throw invalid('', 'unexpected mode')
  form.text(`${line}[price_data][product_data][name]`)
  const expiresAt = form.number('expires_at') ?? 0
  const now = Math.floor(clock().getTime() / 1000)
  if (expiresAt < now + halfAnHour || expiresAt > now + aDay) {
    throw invalid(
      '',
      'The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.',
    )
  }
  const customer = form.optional('customer')
  const email = form.optional('customer_email')
  if (customer !== undefined) {
    store.get(customer, 'customer')
    if (email !== undefined)
      throw invalid('', 'You may only specify one of these parameters: customer, customer_email.')
  }
  if (form.text('adaptive_pricing[enabled]') !== 'false') throw invalid('', 'another currency could be paid')
  const session = store.add('cs_test', 'checkout.session', {
    status: 'open',
    payment_status: 'unpaid',
    payment_intent: null,
    amount_total: amount,
    currency,
    customer: customer ?? null,
    customer_email: email ?? null,
    customer_creation: form.optional('customer_creation') ?? 'if_required',
    client_reference_id: form.optional('client_reference_id') ?? null,
    metadata: form.tree('metadata'),
    intent_metadata: form.tree('payment_intent_data[metadata]'),
    intent_description: form.optional('payment_intent_data[description]') ?? null,
    setup_future_usage: form.optional('payment_intent_data[setup_future_usage]') ?? null,
    success_url: form.text('success_url'),
    cancel_url: form.text('cancel_url'),
    expires_at: expiresAt,
  })
  session.url = `https://checkout.stripe.test/${session.id}`
  return session
}

function expireSession({ store, events }: Account, id: string): StripeObject {
  const session = store.get(id, 'checkout.session')
  if (session.status !== 'open') {
    throw invalid('', `Only Checkout Sessions with a status in ["open"] can be expired. It is ${session.status}.`)
  }
  Object.assign(session, { status: 'expired', url: null })
  events.happened('checkout.session.expired', session)
  return session
}

function createIntent({ store }: Account, form: Form): StripeObject {
  const card = store.get(form.text('payment_method'), 'payment_method')
  const customer = store.get(form.text('customer'), 'customer')
  if (card.customer !== customer.id) throw invalid('', 'The payment method does not belong to the customer.')
  form.text('allowed_payment_method_types[0]')
  return store.add('pi', 'payment_intent', {
    amount: amountOf(form.number('amount')),
    amount_received: 0,
    currency: currencyOf(form.text('currency')),
    customer: customer.id,
    payment_method: card.id,
    description: form.optional('description') ?? null,
    metadata: form.tree('metadata'),
    status: 'requires_confirmation',
    setup_future_usage: null,
    latest_charge: null,
    last_payment_error: null,
    cancellation_reason: null,
  })
}

function confirmIntent({ store, money }: Account, form: Form, id: string): StripeObject {
  const intent = store.get(id, 'payment_intent')
  if (intent.status !== 'requires_confirmation') {
    throw invalid('payment_intent_unexpected_state', `It has a status of ${intent.status}.`)
  }
  if (form.text('off_session') !== 'true' || form.text('error_on_requires_action') !== 'true') {
    throw invalid('', 'nobody is there to act')
  }
  money.capture(intent, store.get(intent.payment_method, 'payment_method'))
  return intent
}

function cancelIntent({ store, events }: Account, id: string): StripeObject {
  const intent = store.get(id, 'payment_intent')
  if (intent.status === 'succeeded' || intent.status === 'canceled' || intent.status === 'processing') {
    throw invalid('payment_intent_unexpected_state', `You cannot cancel it: it has a status of ${intent.status}.`)
  }
  intent.status = 'canceled'
  events.happened('payment_intent.canceled', intent)
  return intent
}

function amountOf(amount: number | undefined): number {
  if (amount === undefined || !Number.isInteger(amount)) throw invalid('parameter_invalid_integer', 'Invalid integer')
  if (amount < 50) throw invalid('amount_too_small', 'Amount must be at least 50 cents')
  return amount
}

function currencyOf(currency: string): string {
  if (!/^[a-z]{3}$/.test(currency)) throw invalid('', `Invalid currency: ${currency}`)
  return currency
}
