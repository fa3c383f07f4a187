import { type CartLine, type PricedCart, priceCart, type TaxTreatment } from '@innkeeper/money'
import type { Selectable } from 'kysely'
import { fixedClock } from '../src/clock.ts'
import type { Config } from '../src/config.ts'
import type { App, Context, Effects, InvoiceRef } from '../src/context.ts'
import type { Tx } from '../src/db/database.ts'
import type { Invoice } from '../src/db/tables.gen.ts'
import {
  addCredit,
  creditOf,
  type IssuedInvoice,
  issueInvoice,
  type RecordedPayment,
  recordPayment,
} from '../src/modules/billing/index.ts'
import { asSystem } from '../src/operator.ts'
import { type TestApp, testApp } from './app.ts'
import { seedAccount } from './seed.ts'

const euro = { code: 'EUR', exponent: 2 } as const
export const vat24: TaxTreatment = {
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
  /** A new account, with that much credit. */
  account(creditMinor?: bigint): Promise<string>
  give(accountId: string, amountMinor: bigint): Promise<boolean>
  /** An unpaid invoice of lines of these prices, 24 % of tax on top. */
  invoiceOf(accountId: string, prices?: readonly bigint[]): Promise<InvoiceRef>
  /** A payment by bank. */
  pay(ref: InvoiceRef, amountMinor: bigint, externalId?: string): Promise<RecordedPayment>
  /** The row of an invoice. */
  rowOf(ref: InvoiceRef): Promise<Selectable<Invoice>>
  creditNow(accountId: string): Promise<bigint>
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
  const run: BillingApp['run'] = work => asSystem(whole, async ctx => work(ctx, await ctx.begin()))
  let counter = 0
  const give = (accountId: string, amountMinor: bigint) =>
    run((ctx, tx) => {
      const key = `gift ${++counter}`
      return addCredit(ctx, tx, { accountId, amountMinor, currency: 'EUR', key, description: 'Gift' })
    })
  return {
    ...{ ...whole, at, happened, run, give },
    async account(creditMinor = 0n) {
      const { accountId } = await seedAccount(app)
      if (creditMinor > 0n) await give(accountId, creditMinor)
      return accountId
    },
    invoiceOf: async (accountId, prices) => ({ id: (await issueTestInvoice(whole, accountId, prices)).id, accountId }),
    pay: ({ id: invoiceId, accountId }, amountMinor, externalId = `payment ${++counter}`) =>
      run((ctx, tx) =>
        recordPayment(ctx, tx, {
          ...{ accountId, invoiceId, methodId: null, gateway: 'bank', externalId, amountMinor, currency: 'EUR' },
          at: ctx.business.now(),
        }),
      ),
    rowOf: ({ id }) => app.db.selectFrom('invoice').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    creditNow: accountId => creditOf(app.db, accountId, 'EUR'),
  }
}

/** An unpaid invoice of 20.00 and tax. */
export function issueTestInvoice(
  app: App,
  accountId: string,
  prices: readonly bigint[] = [2000n],
): Promise<IssuedInvoice> {
  return asSystem(app, async ctx => issueInvoice(ctx, await ctx.begin(), { accountId, priced: cartOf(prices) }))
}
