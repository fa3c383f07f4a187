import { type CartLine, type PricedCart, priceCart, type TaxTreatment } from '@innkeeper/money'
import { fixedClock } from '../src/clock.ts'
import type { Config } from '../src/config.ts'
import type { App, Context, Effects, InvoiceRef } from '../src/context.ts'
import type { Tx } from '../src/db/database.ts'
import { type IssuedInvoice, issueInvoice } from '../src/modules/billing/index.ts'
import { asSystem } from '../src/operator.ts'
import { type TestApp, testApp } from './app.ts'

const euro = { code: 'EUR', exponent: 2 } as const
const vat24: TaxTreatment = {
  inclusive: false,
  rates: [{ level: 1, name: 'VAT', percent: 24_000 }],
  category: 'S',
  reason: '',
}

/** A cart of lines of these prices, taxed at 24 %. */
export function cartOf(prices: readonly bigint[], more: Partial<CartLine> = {}, tax = vat24): PricedCart {
  const lines = prices.map(
    (unitMinor, index): CartLine => ({
      ...{ key: `line ${index}`, type: 'Hosting', description: `Hosting ${index}`, cycle: 'm', taxed: true },
      charges: [{ label: 'Hosting', quantity: 1, unitMinor, setupMinor: 0n }],
      ...more,
    }),
  )
  return priceCart({ currency: euro, lines, tax })
}

export interface BillingApp extends TestApp {
  readonly at: ReturnType<typeof fixedClock>
  /** What invoices set off, in order: `paid 5001`. */
  readonly happened: string[]
  /** One transaction of the system. */
  run<T>(work: (ctx: Context, tx: Tx) => Promise<T>): Promise<T>
}

/** An App whose business clock stands at noon of 17 November 2026 and whose invoices only write down what they set off. */
export async function billingApp(billing: Partial<Config['billing']> = {}): Promise<BillingApp> {
  const at = fixedClock(new Date('2026-11-17T12:00:00Z'))
  const happened: string[] = []
  const note =
    (what: string) =>
    async (_ctx: Context, _tx: Tx, { id }: InvoiceRef) =>
      void happened.push(`${what} ${id}`)
  const app = await testApp({}, at)
  const effects: Effects = {
    ...app.effects,
    invoicePaid: note('paid'),
    invoiceReopened: note('reopened'),
    invoiceCancelled: note('cancelled'),
    invoiceRefunded: note('refunded'),
  }
  const config = { ...app.config, billing: { ...app.config.billing, ...billing } }
  const whole = { ...app, config, effects }
  return { ...whole, at, happened, run: work => asSystem(whole, async ctx => work(ctx, await ctx.begin())) }
}

/** An unpaid invoice of 20.00 and tax. */
export function issueTestInvoice(
  app: App,
  accountId: string,
  prices: readonly bigint[] = [2000n],
): Promise<IssuedInvoice> {
  return asSystem(app, async ctx => issueInvoice(ctx, await ctx.begin(), { accountId, priced: cartOf(prices) }))
}
