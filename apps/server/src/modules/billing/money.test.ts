import { least } from '@innkeeper/money'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BillingApp, billingApp, cartOf } from '../../../test/billing.ts'
import { seedAccount } from '../../../test/seed.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { Refusal } from '../../refusal.ts'
import {
  addCredit,
  applyCredit,
  auditMoney,
  chargeLateFee,
  creditOf,
  issueCreditNote,
  issueInvoice,
  recordChargeback,
  recordPayment,
  refundPayment,
  sendToCollections,
  settleInvoice,
  voidInvoice,
} from './index.ts'

const apps: BillingApp[] = []
beforeAll(async () => {
  apps.push(await billingApp({ lateFeePercent: 5 }))
  apps.push(await billingApp({ lateFeePercent: 5, numberOn: 'payment', invoiceNumber: '{year}-{n:5}' }))
})
afterAll(async () => {
  for (const app of apps) await app.close()
})

/** What can happen to the money of an account; what is seldom possible is tried more often. */
const kinds = [
  ...(['issue', 'issue', 'pay', 'pay', 'pay rest', 'add credit', 'apply credit', 'apply credit'] as const),
  ...(['refund', 'refund to credit', 'refund to credit', 'refund to credit', 'chargeback', 'void'] as const),
  ...(['credit lines', 'credit all', 'credit tax', 'credit tax', 'late fee', 'collect', 'settle'] as const),
]

/** `which` picks among its invoices and payments. */
const step = fc.record({
  what: fc.constantFrom(...kinds),
  /** Of those that it fits, where there are some; otherwise among all, so that most are refused. */
  fitting: fc.integer({ min: 0, max: 3 }).map(n => n > 0),
  which: fc.nat(20),
  amount: fc.bigInt({ min: 1n, max: 4000n }),
  prices: fc.array(fc.bigInt({ min: 0n, max: 3000n }), { minLength: 1, maxLength: 4 }),
  payOut: fc.constantFrom('credit' as const, 'none' as const),
})
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

async function take(ctx: Context, tx: Tx, accountId: string, { what, which, fitting, amount, prices, payOut }: Step) {
  const pick = <T>(list: readonly T[]): T => {
    const picked = list[which % Math.max(list.length, 1)]
    if (picked === undefined) throw new Refusal('not_found')
    return picked
  }
  const invoices = tx.selectFrom('invoice').selectAll().where('account_id', '=', accountId).orderBy('id')
  const payments = tx
    .selectFrom('payment')
    .select('id')
    .where('account_id', '=', accountId)
    .where('kind', '=', 'payment')
  type Row = Awaited<ReturnType<typeof invoices.execute>>[number]
  const ref = async (fits: (row: Row) => boolean = () => true) => {
    const all = await invoices.where('kind', '=', 'invoice').execute()
    const fit = fitting ? all.filter(fits) : []
    return { id: pick(fit.length > 0 ? fit : all).id, accountId }
  }
  const isOpen = ({ due_minor }: Row) => BigInt(due_minor) > 0n
  const isCreditable = ({ number, credited_minor, status }: Row) =>
    number !== null && credited_minor === '0' && status !== 'Cancelled'
  const externalId = `${accountId}-${Math.random()}`
  const payment = { accountId, methodId: null, gateway: 'bank', externalId, currency: 'EUR', at: ctx.business.now() }
  switch (what) {
    case 'issue': {
      const { id } = await issueInvoice(ctx, tx, { accountId, priced: cartOf(prices) })
      return settleInvoice(ctx, tx, { id, accountId })
    }
    case 'pay':
      return recordPayment(ctx, tx, {
        ...payment,
        invoiceId: (await ref()).id,
        amountMinor: amount,
        feeMinor: amount / 50n,
      })
    case 'pay rest': {
      const invoice = pick(await invoices.where('due_minor', '>', '0').execute())
      return recordPayment(ctx, tx, { ...payment, invoiceId: invoice.id, amountMinor: BigInt(invoice.due_minor) })
    }
    case 'apply credit':
      return applyCredit(ctx, tx, {
        accountId,
        invoiceId: (await ref(isOpen)).id,
        ...(which % 2 && !fitting ? { amountMinor: amount } : {}),
      })
    case 'add credit':
      return addCredit(ctx, tx, {
        accountId,
        amountMinor: amount,
        currency: 'EUR',
        key: externalId,
        description: 'Gift',
      })
    case 'refund':
    case 'refund to credit': {
      const to = what === 'refund' ? 'gateway' : 'credit'
      const { id: paymentId, amount_minor } = pick(await payments.select('amount_minor').execute())
      const amountMinor = fitting ? least(amount, BigInt(amount_minor)) : amount
      return refundPayment(ctx, tx, { paymentId, amountMinor, externalId, to })
    }
    case 'chargeback': {
      const { id, amount_minor } = pick(await payments.select('amount_minor').execute())
      const amountMinor = which % 2 ? BigInt(amount_minor) : fitting ? least(amount, BigInt(amount_minor)) : amount
      return recordChargeback(ctx, tx, { paymentId: id, amountMinor, feeMinor: 1500n, externalId })
    }
    case 'void':
      return voidInvoice(ctx, tx, await ref(isOpen), 'Ordered by mistake')
    case 'credit lines': {
      const { id } = await ref(isCreditable)
      const lines = await tx
        .selectFrom('invoice_line')
        .select(['id', 'net_minor'])
        .where('invoice_id', '=', id)
        .execute()
      const line = pick(lines)
      const netMinor = which % 3 ? (BigInt(line.net_minor) * amount) / 4000n : BigInt(line.net_minor)
      return issueCreditNote(ctx, tx, {
        invoiceId: id,
        lines: [{ lineId: line.id, netMinor }],
        payOut,
        reason: 'Outage',
      })
    }
    case 'credit all':
      return issueCreditNote(ctx, tx, {
        invoiceId: (await ref(isCreditable)).id,
        lines: 'all',
        payOut,
        reason: 'Withdrawn',
      })
    case 'credit tax':
      return issueCreditNote(ctx, tx, {
        invoiceId: (await ref(isCreditable)).id,
        lines: 'all',
        payOut,
        reason: 'VAT',
        taxOnly: true,
      })
    case 'late fee':
      return chargeLateFee(ctx, tx, await ref(isOpen))
    case 'collect':
      return sendToCollections(ctx, tx, await ref(isOpen))
    case 'settle':
      return settleInvoice(ctx, tx, await ref())
  }
}

test.each([0, 1])(
  'whatever happens to invoices, all money adds up (%i)',
  async which => {
    const app = apps[which] as BillingApp // made above
    const counts = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 60, size: 'max' }), async steps => {
        const { accountId } = await seedAccount(app)
        for (const each of steps) {
          try {
            await app.run((ctx, tx) => take(ctx, tx, accountId, each))
            counts.set(each.what, (counts.get(each.what) ?? 0) + 1)
          } catch (error) {
            if (!(error instanceof Refusal)) throw error
          }
        }
        expect(await auditMoney(app.db)).toEqual([])
        expect(await creditOf(app.db, accountId, 'EUR')).toBeGreaterThanOrEqual(0n)
      }),
      { numRuns: 40, endOnFailure: true },
    )
    // Otherwise all could be refused, and nobody would notice.
    expect(kinds.filter(kind => !counts.has(kind))).toEqual([])
  },
  120_000,
)
