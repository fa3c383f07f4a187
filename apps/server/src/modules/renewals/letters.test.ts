import { creditorReference, printedReference } from '@innkeeper/drivers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { cartOf } from '../../../test/billing.ts'
import { invoicesOf, lettersTo, mailsTo, payInvoice, seedCustomer } from '../../../test/life.ts'
import { fixedClock } from '../../clock.ts'
import { defaultConfig } from '../../config.ts'
import type { App } from '../../context.ts'
import { asSystem } from '../../operator.ts'
import { runSweep } from '../../sweep.ts'
import {
  addCredit,
  issueCreditNote,
  issueInvoice,
  recordChargeback,
  recordPayment,
  settleInvoice,
  voidInvoice,
} from '../billing/index.ts'
import { suspendService, unsuspendService } from '../services/index.ts'
import { tellOfDocuments } from './invoice-letters.ts'
import { collectOverdue } from './overdue-invoices.ts'
import { remind } from './remind.ts'

const clock = fixedClock(new Date('2026-03-01T12:00:00Z'))
let app: TestApp
beforeAll(async () => {
  const seller = { ...defaultConfig('').seller, name: 'Example Hosting', iban: 'EE382200221020145685' }
  app = await testApp({ seller, brandName: 'Example Hosting' }, clock)
})
afterAll(() => app.close())

const customer = () => seedCustomer(app, [{ cycle: 'm', endsAt: new Date('2026-04-01T00:00:00Z') }])

function invoiceFor(accountId: string, priced = cartOf([1000n, 250n]), of: App = app) {
  return asSystem(of, async ctx => {
    const tx = await ctx.begin()
    const invoice = await issueInvoice(ctx, tx, { accountId, priced })
    await settleInvoice(ctx, tx, { id: invoice.id, accountId })
    return { ...invoice, accountId }
  })
}
function give(accountId: string, amountMinor: bigint) {
  const gift = { accountId, amountMinor, currency: 'EUR', key: `gift ${accountId}`, description: 'A gift' }
  return asSystem(app, async ctx => addCredit(ctx, await ctx.begin(), gift))
}
/** Two nodes at once: each document is told of by one. */
const tell = () => Promise.all([runSweep(app, tellOfDocuments), runSweep(app, tellOfDocuments)])

test('whoever has a new invoice is told at once what it is for and how to pay it, and thanked when it is paid', async () => {
  const { accountId, email } = await customer()
  const invoice = await invoiceFor(accountId)
  await tell()
  const [letter] = await mailsTo(app, email)
  expect(letter?.subject).toBe(`Example Hosting: invoice ${invoice.number}`)
  for (const part of [
    'Please pay 15.50 EUR by 2026-03-',
    /Hosting 1 .*2\.50 EUR\n/,
    /Tax +3\.00 EUR\n/,
    /Total +15\.50 EUR\n/,
    'IBAN       EE382200221020145685',
    `Reference  ${printedReference(creditorReference(invoice.id))}`,
  ])
    expect(letter?.text).toMatch(part)
  await payInvoice(app, invoice)
  await payInvoice(app, invoice)
  expect((await lettersTo(app, email)).slice(1)).toEqual([
    `Example Hosting: thank you, invoice ${invoice.number} is paid`,
  ])
})

test('a pro forma is called that until it is paid, and then thanked for by both of its numbers', async () => {
  const { accountId, email } = await customer()
  const byPayment: App = { ...app, config: { ...app.config, billing: { ...app.config.billing, numberOn: 'payment' } } }
  const invoice = await invoiceFor(accountId, undefined, byPayment)
  await tell()
  clock.advance(10 * 86_400_000)
  await runSweep(app, remind)
  await payInvoice(byPayment, invoice)
  const { number } = await app.db
    .selectFrom('invoice')
    .select('number')
    .where('id', '=', invoice.id)
    .executeTakeFirstOrThrow()
  const letters = await mailsTo(app, email)
  expect(letters.map(({ subject }) => subject)).toEqual([
    'Example Hosting: pro forma invoice P2026/1',
    'Example Hosting: pro forma invoice P2026/1 is 3 days overdue',
    `Example Hosting: thank you, invoice ${number} (pro forma P2026/1) is paid`,
  ])
  expect(letters[0]?.text).toContain('This is your pro forma invoice P2026/1 for 15.50 EUR.')
  expect(letters[1]?.text).toContain('\nPro forma invoice P2026/1 was due on ')
  expect(letters[2]?.text).toContain(`: invoice ${number} (pro forma P2026/1) for 15.50 EUR is paid.`)
})

test('whoever has a payment taken back is told so, and thanked again for paying a second time', async () => {
  const { accountId, email } = await customer()
  const invoice = await invoiceFor(accountId)
  await tell()
  await payInvoice(app, invoice)
  const [payment] = await app.db.selectFrom('payment').selectAll().where('invoice_id', '=', invoice.id).execute()
  const amountMinor = BigInt(payment?.amount_minor ?? 0)
  await asSystem(app, async ctx => {
    const tx = await ctx.begin()
    await recordChargeback(ctx, tx, { paymentId: payment?.id ?? '', amountMinor, externalId: 'returned' })
    const again = {
      accountId,
      invoiceId: invoice.id,
      methodId: null,
      gateway: 'bank',
      externalId: 'again',
      amountMinor,
    }
    await recordPayment(ctx, tx, { ...again, currency: 'EUR', at: ctx.business.now() })
  })
  const thanks = `Example Hosting: thank you, invoice ${invoice.number} is paid`
  const letters = (await mailsTo(app, email)).slice(1)
  const takenBack = `Example Hosting: the payment of invoice ${invoice.number} was taken back`
  expect(letters.map(({ subject }) => subject)).toEqual([thanks, takenBack, thanks])
  expect(letters[1]?.text).toContain('It is owed again: please pay it by 2026-03-')
})

test('an invoice that credit pays has one letter, which says so', async () => {
  const { accountId, email } = await customer()
  await give(accountId, 5000n)
  await invoiceFor(accountId)
  await tell()
  const letters = await mailsTo(app, email)
  expect(letters).toHaveLength(1)
  expect(letters[0]?.text).toContain('It is paid: nothing is due.')
  expect(letters[0]?.text).not.toContain('IBAN')
})

test('figures add up to what is to be paid where credit paid a part of it', async () => {
  const { accountId, email } = await customer()
  await give(accountId, 500n)
  await invoiceFor(accountId)
  await tell()
  const [letter] = await mailsTo(app, email)
  expect(letter?.text).toContain('Please pay 10.50 EUR')
  expect(letter?.text).toMatch(/\nTotal +15\.50 EUR\nPaid +-5\.00 EUR\nTo pay +10\.50 EUR\n/)
})

test('amounts stand below each other, however long the name of what they are for', async () => {
  const { accountId, email } = await customer()
  const long = `Web hosting with ${'a lot of '.repeat(9)}space`
  for (const description of ['Web hosting', long]) await invoiceFor(accountId, cartOf([999n], { description }))
  await tell()
  const [first, second] = await mailsTo(app, email)
  expect(first?.text).toContain(`\n${'Web hosting'.padEnd(64)}9.99 EUR\n`)
  expect(second?.text).toContain(`\n${long}\n${'9.99 EUR'.padStart(72)}\n`)
})

test('a credit note is sent, of an invoice that was paid or is void', async () => {
  const { accountId, email } = await customer()
  const [paid, unpaid] = [await invoiceFor(accountId), await invoiceFor(accountId)]
  await tell()
  await payInvoice(app, paid)
  const number = await asSystem(app, async ctx => {
    const order = { invoiceId: paid.id, lines: 'all', payOut: 'credit', reason: 'A mistake' } as const
    return (await issueCreditNote(ctx, await ctx.begin(), order)).number
  })
  await tell()
  await asSystem(app, async ctx => voidInvoice(ctx, await ctx.begin(), unpaid, 'A mistake'))
  await tell()
  const letters = (await mailsTo(app, email)).slice(3)
  expect(letters[0]?.subject).toBe(`Example Hosting: credit note ${number}`)
  expect(letters[0]?.text).toContain(`corrects invoice ${paid.number}`)
  expect(letters[1]?.text).toContain(`corrects invoice ${unpaid.number}`)
})

test('what came and was cancelled before anybody heard of it is no news', async () => {
  const { accountId, email } = await customer()
  const invoice = await invoiceFor(accountId)
  await asSystem(app, async ctx => voidInvoice(ctx, await ctx.begin(), invoice, 'A mistake'))
  await tell()
  expect(await lettersTo(app, email)).toEqual([])
})

test('a service that staff stop, and let run again, is told of once each', async () => {
  const { accountId, email, serviceIds } = await customer()
  const ref = { id: serviceIds[0] ?? '', accountId }
  await asSystem(app, async ctx => {
    const tx = await ctx.begin()
    for (let again = 0; again < 2; again++) await suspendService(ctx, tx, ref, 'staff')
    for (let again = 0; again < 2; again++) await unsuspendService(ctx, tx, ref)
  })
  expect(await lettersTo(app, email)).toEqual([
    expect.stringMatching(/^Example Hosting: Hosting of \S+ \S+ was stopped$/),
    expect.stringMatching(/^Example Hosting: Hosting of \S+ \S+ runs again$/),
  ])
})

test('a domain is called by its name, not by the ending that it was sold by', async () => {
  const { accountId, email, serviceIds } = await seedCustomer(app, [
    { cycle: 'y1', endsAt: new Date('2027-03-01T00:00:00Z') },
  ])
  await asSystem(app, async ctx =>
    suspendService(ctx, await ctx.begin(), { id: serviceIds[0] ?? '', accountId }, 'staff'),
  )
  const [letter] = await mailsTo(app, email)
  expect(letter?.subject).toMatch(/^Example Hosting: Domain host0\.\S+ was stopped$/)
  expect(letter?.text).toMatch(/\nDomain host0\.\S+ was stopped by us/)
})

test('of many invoices of one account none is passed over for another', async () => {
  const { accountId, email } = await customer()
  for (let count = 0; count < 8; count++) await invoiceFor(accountId)
  await runSweep(app, tellOfDocuments)
  expect(await lettersTo(app, email)).toHaveLength(8)
  clock.advance(40 * 86_400_000)
  await runSweep(app, remind)
  clock.advance(40 * 86_400_000)
  await runSweep(app, collectOverdue)
  const invoices = await invoicesOf(app, accountId)
  expect(invoices.map(({ status }) => status)).toEqual(Array(8).fill('Collections'))
})
