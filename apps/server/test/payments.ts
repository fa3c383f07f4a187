import { createStripe } from '@innkeeper/drivers'
import { type FakeStripe, startFakeStripe } from '@innkeeper/drivers/fake-stripe'
import { fixedClock } from '../src/clock.ts'
import type { Context, InvoiceRef } from '../src/context.ts'
import type { Tx } from '../src/db/database.ts'
import { issueInvoice } from '../src/modules/billing/index.ts'
import { asSystem } from '../src/operator.ts'
import { type TestApp, testApp } from './app.ts'
import { cartOf } from './billing.ts'
import { seedAccount } from './seed.ts'

export interface PaymentsApp extends TestApp {
  readonly stripe: FakeStripe
  readonly at: ReturnType<typeof fixedClock>
  /** Ids of payment methods by driver. */
  readonly methods: Readonly<Record<'bank' | 'stripe' | 'credit', string>>
  run<T>(work: (ctx: Context, tx: Tx) => Promise<T>): Promise<T>
  /** The same without a transaction, for what asks a gateway. */
  act<T>(work: (ctx: Context) => Promise<T>): Promise<T>
  /** An account with an unpaid invoice of 24.80 EUR, and with a card if wished. */
  debtor(card?: Parameters<FakeStripe['addCard']>[0] | 'none'): Promise<InvoiceRef & { readonly email: string }>
  invoice(accountId: string): Promise<InvoiceRef>
  status(ref: InvoiceRef): Promise<string>
  /** Amounts of what was booked, by kind. */
  booked(ref: InvoiceRef): Promise<string[]>
}

/** An App that takes cards by a Stripe of its own, whose clocks stand still. */
export async function paymentsApp(): Promise<PaymentsApp> {
  const at = fixedClock(new Date())
  const stripe = await startFakeStripe(() => at.now())
  const { url, secretKey, webhookSecret } = stripe
  const app = await testApp({ payment: { stripeUrl: url } }, at)
  const gateway = createStripe({ url, secretKey, webhookSecret, timeoutMilliseconds: 1000 })
  const whole = { ...app, gateways: new Map([[gateway.name, gateway]]) }
  const insert = async (driver: string) => {
    const values = { key: driver, driver, name: driver, position: 1 }
    return (await app.db.insertInto('payment_method').values(values).returning('id').executeTakeFirstOrThrow()).id
  }
  const methods = { bank: await insert('bank'), stripe: await insert('stripe'), credit: await insert('credit') }
  const run = <T>(work: (ctx: Context, tx: Tx) => Promise<T>) =>
    asSystem(whole, async ctx => work(ctx, await ctx.begin()))

  async function invoice(accountId: string): Promise<InvoiceRef> {
    const issued = await run((ctx, tx) => issueInvoice(ctx, tx, { accountId, priced: cartOf([2000n]) }))
    return { id: issued.id, accountId }
  }

  return {
    ...whole,
    stripe,
    at,
    methods,
    run,
    act: work => asSystem(whole, work),
    invoice,
    async debtor(card = 'pm_card_visa') {
      const { accountId, email } = await seedAccount(whole)
      if (card !== 'none') {
        const { customerRef, cardRef } = stripe.addCard(card)
        const row = { account_id: accountId, method_id: methods.stripe, customer_ref: customerRef, card_ref: cardRef }
        await app.db
          .insertInto('saved_card')
          .values({ ...row, last4: '4242', created_at: at.now() })
          .execute()
      }
      return { ...(await invoice(accountId)), email }
    },
    async status({ id }) {
      const row = await app.db.selectFrom('invoice').select('status').where('id', '=', id).executeTakeFirstOrThrow()
      return row.status
    },
    async booked({ id }) {
      const rows = await app.db
        .selectFrom('payment')
        .select(['kind', 'amount_minor'])
        .where('invoice_id', '=', id)
        .orderBy('id')
        .execute()
      return rows.map(row => `${row.kind} ${row.amount_minor}`)
    },
    async close() {
      await app.close()
      await stripe.stop()
    },
  }
}
