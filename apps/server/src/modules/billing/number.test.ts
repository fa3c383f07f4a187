import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BillingApp, billingApp, cartOf } from '../../../test/billing.ts'
import { mayCollide } from '../../number-format.ts'
import { auditMoney, issueInvoice, settleInvoice, voidInvoice } from './index.ts'
import { formatNumber, seriesPeriod } from './number.ts'

describe('a format', () => {
  test.each([
    ['{year}/{month}/{n}', '2026/01/7', '2026-01'],
    ['{year}-{n:5}', '2026-00007', '2026'],
    ['INV{n:2}', 'INV07', ''],
    ['{n}', '7', ''],
    ['{month}.{year}.{n:3}.{n}', '01.2026.007.7', '2026-01'],
  ])('%s makes %s, counting in %s', (format, text, period) => {
    expect(formatNumber(format, '2026-01-31', 7n)).toBe(text)
    expect(seriesPeriod(format, '2026-01-31')).toBe(period)
  })
  test('that is too narrow for a number does not cut it', () => {
    expect(formatNumber('{n:2}', '2026-01-31', 12_345n)).toBe('12345')
  })
})

test('formats that are not said to collide never make the same number', () => {
  const part = fc.constantFrom('{year}', '{month}', '{n}', '{n:2}', '{n:3}', '1', '0', 'A', '-')
  const format = fc.array(part, { minLength: 1, maxLength: 4 }).map(parts => parts.join(''))
  const day = fc.constantFrom('2026-01-31' as const, '2026-10-01' as const, '2110-11-30' as const)
  const n = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 99_999_999 })).map(BigInt)
  let collisions = 0
  fc.assert(
    fc.property(format, format, day, day, n, n, (one, other, first, second, n1, n2) => {
      if (formatNumber(one, first, n1) !== formatNumber(other, second, n2)) return
      collisions++
      expect(mayCollide(one, other)).toBe(true)
    }),
    { numRuns: 20_000 },
  )
  expect(collisions).toBeGreaterThan(0)
})

describe('numbers', () => {
  let app: BillingApp
  beforeAll(async () => {
    app = await billingApp({ invoiceNumber: '{year}-{n:4}' })
  })
  afterAll(async () => {
    expect(await auditMoney(app.db)).toEqual([])
    await app.close()
  })

  test('are gapless where twenty invoices are made at once and some are rolled back', async () => {
    const accounts = await Promise.all(Array.from({ length: 20 }, () => app.account()))
    const made = await Promise.allSettled(
      accounts.map((accountId, index) =>
        app.run(async (ctx, tx) => {
          const { number } = await issueInvoice(ctx, tx, { accountId, priced: cartOf([100n]) })
          if (index % 4 === 0) throw new Error('rolled back')
          return number
        }),
      ),
    )
    const numbers = made.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []))
    expect(numbers.sort()).toEqual(Array.from({ length: 15 }, (_, n) => `2026-${String(n + 1).padStart(4, '0')}`))
  })

  test('start anew with the year, and a document of the old one does not disturb the new', async () => {
    const accountId = await app.account()
    app.at.advance(60 * 86_400_000)
    const numberOf = async () => (await app.rowOf(await app.invoiceOf(accountId))).number
    expect([await numberOf(), await numberOf()]).toEqual(['2027-0001', '2027-0002'])
    app.at.advance(-60 * 86_400_000)
    expect(await numberOf()).toBe('2026-0016')
    app.at.advance(60 * 86_400_000)
    expect(await numberOf()).toBe('2027-0003')
  })
})

describe('with final numbers on payment', () => {
  let app: BillingApp
  beforeAll(async () => {
    app = await billingApp({ numberOn: 'payment' })
  })
  afterAll(async () => {
    expect(await auditMoney(app.db)).toEqual([])
    await app.close()
  })

  test('a pro-forma gets its number and day when it is paid, and keeps them when the payment is taken back', async () => {
    const ref = await app.invoiceOf(await app.account())
    expect(await app.rowOf(ref)).toMatchObject({ number: null, proforma_number: 'P2026/1' })
    app.at.advance(20 * 86_400_000)
    await app.pay(ref, 2480n)
    const paid = { number: '2026/12/1', proforma_number: 'P2026/1' }
    expect(await app.rowOf(ref)).toMatchObject(paid)
    const days = app.db.selectFrom('invoice').select(['issued_on', 'original_on']).where('id', '=', ref.id)
    const { issued_on, original_on } = await days.executeTakeFirstOrThrow()
    expect([issued_on, original_on].map(day => new Date(day).toLocaleDateString('sv'))).toEqual([
      '2026-12-07',
      '2026-11-17',
    ])
  })

  test('one that is void never gets a number, and no credit note', async () => {
    const ref = await app.invoiceOf(await app.account())
    await app.run((ctx, tx) => voidInvoice(ctx, tx, ref, 'Not wanted'))
    expect(await app.rowOf(ref)).toMatchObject({ number: null, status: 'Cancelled', due_minor: '0' })
    expect(await app.db.selectFrom('invoice').select('id').where('corrects_id', '=', ref.id).execute()).toEqual([])
  })

  test('one that credit pays at once has its number at once', async () => {
    const ref = await app.invoiceOf(await app.account(9000n))
    expect(await app.run((ctx, tx) => settleInvoice(ctx, tx, ref))).toBe('Paid')
    expect((await app.rowOf(ref)).number).toBe('2026/12/2')
  })
})
