import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BillingApp, billingApp, cartOf, vat24 } from '../../../test/billing.ts'
import type { InvoiceRef } from '../../context.ts'
import { applyCredit, auditMoney, issueCreditNote, issueInvoice, recordChargeback } from './index.ts'

let app: BillingApp
beforeAll(async () => {
  app = await billingApp()
})
afterAll(() => app.close())

async function audited<T>(step: Promise<T>): Promise<T> {
  const result = await step
  expect(await auditMoney(app.db)).toEqual([])
  return result
}

/** A credit note that gives so much of the first line back as credit, without its tax. */
const giveBack = ({ id: invoiceId, accountId }: InvoiceRef, netMinor: bigint) =>
  app.run(async (ctx, tx) => {
    const lines = tx.selectFrom('invoice_line').select('id').where('invoice_id', '=', invoiceId).orderBy('id')
    const { id: lineId } = await lines.executeTakeFirstOrThrow()
    const line = { lineId, netMinor }
    return issueCreditNote(ctx, tx, { invoiceId, accountId, lines: [line], payOut: 'credit', reason: 'Smaller' })
  })

let counter = 0
const takeBack = (paymentId: string, amountMinor: bigint, externalId = `taken ${++counter}`) =>
  audited(app.run((ctx, tx) => recordChargeback(ctx, tx, { paymentId, amountMinor, externalId })))

/** Spends so much credit on another invoice. */
async function spend(accountId: string, amountMinor: bigint): Promise<void> {
  if (amountMinor === 0n) return
  const { id: invoiceId } = await app.invoiceOf(accountId, [30_000n])
  await app.run((ctx, tx) => applyCredit(ctx, tx, { accountId, invoiceId, amountMinor }))
}

async function isParked(accountId: string): Promise<boolean> {
  const row = app.db.selectFrom('account').select('parked_at').where('id', '=', accountId)
  return (await row.executeTakeFirstOrThrow()).parked_at !== null
}

/** An invoice of that total, of which nothing is paid. */
async function invoiceOver(inclusive: boolean): Promise<InvoiceRef> {
  const accountId = await app.account()
  // 300.00 with the tax, on top or within.
  const priced = inclusive ? cartOf([30_000n], {}, { ...vat24, inclusive }) : cartOf([24_194n])
  const config = { ...app.config, billing: { ...app.config.billing, taxInclusive: inclusive } }
  const { id } = await app.run((ctx, tx) => issueInvoice({ ...ctx, config }, tx, { accountId, priced }))
  return { id, accountId }
}

/** What an account has of us: its credit, and what it paid. */
async function holds({ accountId }: InvoiceRef): Promise<bigint> {
  const rows = await app.db.selectFrom('invoice').select('paid_minor').where('account_id', '=', accountId).execute()
  return rows.reduce((sum, { paid_minor }) => sum + BigInt(paid_minor), await app.creditNow(accountId))
}

// Of 300.00 about 200.00 were given back as credit.
test.each([
  ['on top', false, 'nothing', 0n],
  ['on top', false, 'a part', 15_000n],
  ['on top', false, 'all', undefined],
  ['within', true, 'nothing', 0n],
  ['within', true, 'a part', 15_000n],
  ['within', true, 'all', undefined],
] as const)(
  'with tax %s (%s), credit of credit notes pays their invoice again after a chargeback; %s of it was spent',
  async (_mode, inclusive, _what, spends) => {
    const ref = await invoiceOver(inclusive)
    const total = BigInt((await app.rowOf(ref)).total_minor)
    const { paymentId } = await app.pay(ref, total)
    const { totalMinor: noted } = await giveBack(ref, 16_129n)
    expect(await app.creditNow(ref.accountId)).toBe(noted)
    const spent = spends ?? noted
    await spend(ref.accountId, spent)
    const before = await holds(ref)

    const dispute = `dispute ${++counter}`
    expect(await takeBack(paymentId, total, dispute)).toEqual({ status: 'Unpaid', repeated: false })
    const left = noted - spent
    expect(await app.rowOf(ref)).toMatchObject({ due_minor: String(total - left), credit_minor: String(left) })
    expect(await app.creditNow(ref.accountId)).toBe(0n)
    expect(await isParked(ref.accountId)).toBe(spent > 0n)
    expect(await holds(ref)).toBe(before - total)
    expect(await takeBack(paymentId, total, dispute)).toEqual({ status: 'Unpaid', repeated: true })

    // The dispute is won.
    expect(await audited(app.pay(ref, total, dispute))).toMatchObject({ status: 'Paid', creditedMinor: left })
    expect(await app.creditNow(ref.accountId)).toBe(left)
    expect(await holds(ref)).toBe(before)
  },
)

test('a chargeback of no more than credit notes gave as credit leaves the invoice paid', async () => {
  const ref = await invoiceOver(false)
  const total = BigInt((await app.rowOf(ref)).total_minor)
  const { paymentId } = await app.pay(ref, total)
  const { totalMinor: noted } = await giveBack(ref, 16_129n)
  expect(await takeBack(paymentId, 5000n)).toEqual({ status: 'Paid', repeated: false })
  expect(await app.creditNow(ref.accountId)).toBe(noted - 5000n)
  expect(await isParked(ref.accountId)).toBe(false)
  const ofThis = app.happened.filter(what => what.endsWith(` ${ref.id}`))
  expect(ofThis).toEqual([`paid ${ref.id}`, `reopened ${ref.id}`, `paid ${ref.id}`])
})

test('credit that came from elsewhere does not pay what was charged back, and what went back once does not again', async () => {
  const ref = await invoiceOver(false)
  const total = BigInt((await app.rowOf(ref)).total_minor)
  const first = await app.pay(ref, 15_000n)
  const second = await app.pay(ref, total - 15_000n)
  const { totalMinor: noted } = await giveBack(ref, 16_129n)
  await app.give(ref.accountId, 7000n)
  expect(await takeBack(first.paymentId, 15_000n)).toMatchObject({ status: 'Paid' })
  expect(await app.creditNow(ref.accountId)).toBe(noted + 7000n - 15_000n)
  expect(await takeBack(second.paymentId, total - 15_000n)).toMatchObject({ status: 'Unpaid' })
  expect(await app.creditNow(ref.accountId)).toBe(7000n)
  expect(await app.rowOf(ref)).toMatchObject({ due_minor: String(total - noted) })
  expect(await isParked(ref.accountId)).toBe(false)
})

test('whatever is given back, spent, charged back and won, an account never has more than it had', async () => {
  const amount = fc.bigInt({ min: 1n, max: 24_000n })
  const share = fc.nat(100).map(BigInt)
  await fc.assert(
    fc.asyncProperty(amount, share, fc.array(share, { minLength: 1, maxLength: 3 }), async (net, spends, takes) => {
      const ref = await invoiceOver(false)
      const total = BigInt((await app.rowOf(ref)).total_minor)
      const { paymentId } = await app.pay(ref, total)
      const { totalMinor: noted } = await giveBack(ref, net)
      const spent = (noted * spends) / 100n
      await spend(ref.accountId, spent)
      const before = await holds(ref)
      let rest = total
      const disputes: [string, bigint][] = []
      for (const part of takes) {
        const taken = (rest * part) / 100n
        if (taken === 0n) continue
        rest -= taken
        disputes.push([`dispute ${++counter}`, taken])
        await takeBack(paymentId, taken, `dispute ${counter}`)
        const { due_minor, credit_minor } = await app.rowOf(ref)
        const credit = await app.creditNow(ref.accountId)
        // Nothing is due, or all of its credit went back, or that was spent and somebody looks.
        expect(
          due_minor === '0' || BigInt(credit_minor) === noted || (credit === 0n && (await isParked(ref.accountId))),
        ).toBe(true)
        expect(await holds(ref)).toBe(before - (total - rest))
      }
      for (const [externalId, taken] of disputes) {
        await audited(app.pay(ref, taken, externalId))
        expect(await holds(ref)).toBeLessThanOrEqual(before)
      }
      expect(await holds(ref)).toBe(before)
      expect(await app.rowOf(ref)).toMatchObject({ status: 'Paid', due_minor: '0' })
    }),
    { numRuns: 15 },
  )
}, 60_000)
