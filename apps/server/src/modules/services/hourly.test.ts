import { dayOf, sum } from '@innkeeper/money'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { type Buyer, createBuyer } from '../../../test/buyer.ts'
import { invoicesOf, payInvoice } from '../../../test/life.ts'
import { openShop, type Shop } from '../../../test/shop.ts'
import { fixedClock } from '../../clock.ts'
import { defaultConfig } from '../../config.ts'
import type { App } from '../../context.ts'
import { runSql } from '../../db/database.ts'
import { asSystem } from '../../operator.ts'
import { auditMoney, creditOf } from '../billing/index.ts'
import { orderHandlers } from '../orders/index.ts'
import { runSweeps } from '../renewals/index.ts'
import { setCycle } from './change-cycle.ts'
import { terminateService } from './end-service.ts'
import { renewService } from './renew-service.ts'
import { orderUpgrade, quoteUpgrade } from './upgrade-service.ts'

/* Hours are billed by the day: at 0.02 an hour, an invoice for each would never bear any tax. */

const timeZone = 'Europe/Tallinn'
const hour = 3_600_000
const clock = fixedClock(new Date('2026-02-01T08:00:00Z'))
const { seller } = defaultConfig('')
let app: TestApp
let shop: Shop
let buyer: Buyer
let small: string
let memory: { id: string; items: string[] }

beforeAll(async () => {
  app = await testApp({ timeZone, seller: { ...seller, country: 'EE', vatNumber: 'EE123456789' } }, clock)
  shop = await openShop(app)
  await shop.taxRate({ country: 'EE', percent: 24 })
  small = await shop.product({ prices: { h: [2], m: [800] } })
  memory = await shop.field(small, { type: 'qty', items: [{ h: [1], m: [200] }] })
})
afterAll(async () => {
  expect(await auditMoney(app.db)).toEqual([])
  await app.close()
})
beforeEach(async () => {
  await runSql(app.db, `update account set parked_at = now(), parked_reason = 'of another test'`)
  buyer = await createBuyer(app)
})

/** A moment of the wall clock of the brand in winter. */
function goTo(moment: string): void {
  clock.advance(new Date(`${moment}+02:00`).getTime() - clock.now().getTime())
}

/** Orders one, and sees that it costs what it was quoted at. */
async function buy(cycle: 'h' | 'm' = 'h', custom: object = {}, promocode = ''): Promise<string> {
  const items = [{ type: 'product' as const, product_id: small, cycle, custom }]
  const quoted = await buyer.run(async ctx => orderHandlers.quote(ctx, { items, promocode }))
  const placed = await buyer.run(async ctx => orderHandlers.orderMany(ctx, { items, promocode }))
  expect(Number(placed.total)).toBe(quoted.summary.total)
  return placed.items[0]?.id ?? ''
}

async function payAll(): Promise<void> {
  for (const invoice of await invoicesOf(app, buyer.accountId))
    if (invoice.status === 'Unpaid') await payInvoice(app, invoice)
}

/** Lets an hour pass after the other, with its sweeps and its payments. */
async function live(hours: number, each: () => Promise<void> = payAll): Promise<void> {
  for (let passed = 0; passed < hours; passed++) {
    clock.advance(hour)
    await runSweeps(app)
    await each()
  }
}

/** `quantity × unit = amount`, and the tax of the document, of all that the account was billed. */
async function billed(of: App = app): Promise<string[]> {
  const rows = await runSql<{ day: string; lines: string[]; tax: string }>(
    of.db,
    `select issued_on::text as day, tax_minor::text as tax, array(
       select quantity::float8::text || ' × ' || unit_minor || ' = ' || amount_minor from invoice_line l where l.invoice_id = i.id
       order by position) as lines
     from invoice i where account_id = $1 order by id`,
    [buyer.accountId],
  )
  return rows.map(({ day, lines, tax }) => `${day}: ${lines.join(', ')}; tax ${tax}`)
}

/** From and to in hours of the brand's clock. */
async function periods(serviceId: string): Promise<string[]> {
  const rows = await runSql<{ from: Date; to: Date; net: string }>(
    app.db,
    `select starts_at as from, coalesce(ended_at, ends_at) as to, net_minor as net from billed_period
     where service_id = $1 and released_at is null order by starts_at, id`,
    [serviceId],
  )
  const shown = (moment: Date) =>
    `${dayOf(moment, timeZone)} ${new Intl.DateTimeFormat('sv-SE', { timeZone, timeStyle: 'short' }).format(moment)}`
  return rows.map(({ from, to, net }) => `${shown(from)} – ${shown(to)}: ${net}`)
}

test('the first day is billed with the order, from the hour that has begun to midnight, with its tax', async () => {
  goTo('2026-03-02T10:20')
  const id = await buy()
  expect(await billed()).toEqual(['2026-03-02: 14 × 2 = 28; tax 7'])
  expect(await periods(id)).toEqual(['2026-03-02 10:00 – 2026-03-03 00:00: 28'])
  const [line] = await runSql<{ description: string }>(
    app.db,
    'select l.description from invoice_line l join billed_period b on b.line_id = l.id where b.service_id = $1',
    [id],
  )
  expect(line?.description).toMatch(/\(2026-03-02, 14 hours\)$/)
})

test('then there is one invoice a day, for all hours of all services of the account', async () => {
  goTo('2026-03-02T10:20')
  const first = await buy('h', { [memory.id]: 3 })
  await payAll()
  await live(5)
  const second = await buy()
  await live(48)
  expect(await billed()).toEqual([
    '2026-03-02: 14 × 5 = 70; tax 17',
    '2026-03-02: 9 × 2 = 18; tax 4',
    '2026-03-03: 24 × 5 = 120, 24 × 2 = 48; tax 40',
    '2026-03-04: 24 × 5 = 120, 24 × 2 = 48; tax 40',
  ])
  expect((await periods(first)).length + (await periods(second)).length).toBe(6)
})

test.each([
  ['2026-03-28T12:00', ['12 × 2 = 24', '23 × 2 = 46', '24 × 2 = 48']],
  ['2026-10-24T11:00', ['12 × 2 = 24', '25 × 2 = 50', '24 × 2 = 48']],
])('a day on which clocks change has the hours that it has (from %s)', async (from, expected) => {
  goTo(from)
  await buy()
  await payAll()
  await live(12 + 24 + 2)
  expect((await billed()).map(document => document.replace(/^[^ ]* (.*);.*$/, '$1'))).toEqual(expected)
})

test('days that nothing ran on are billed as they would have been', async () => {
  goTo('2026-03-02T10:20')
  const undisturbed = await buy()
  await payAll()
  await live(7 * 24)
  const [theirPeriods, theirs] = [await periods(undisturbed), await billed()]
  buyer = await createBuyer(app)
  goTo('2026-03-02T10:20')
  const missed = await buy()
  await payAll()
  clock.advance(7 * 24 * hour)
  await runSweeps(app)
  const withoutDay = (documents: string[]) => documents.map(document => document.slice(12))
  expect(await periods(missed)).toEqual(theirPeriods)
  expect(withoutDay(await billed())).toEqual(withoutDay(theirs))
  expect(theirs).toHaveLength(8)
})

test('of a service that ends in the middle of a day the later hours are given back, with their tax', async () => {
  goTo('2026-03-02T10:20')
  const id = await buy('h', { [memory.id]: 1 })
  await payAll()
  await live(24)
  goTo('2026-03-03T15:30')
  await asSystem(app, async ctx =>
    terminateService(ctx, await ctx.begin(), { id, accountId: buyer.accountId }, 'not needed'),
  )
  expect((await periods(id)).at(-1)).toBe('2026-03-03 00:00 – 2026-03-03 16:00: 72')
  // 8 of 24 hours at 0.03, and 24 % of that.
  expect(await creditOf(app.db, buyer.accountId, 'EUR')).toBe(30n)
  await live(24)
  expect(await billed()).toHaveLength(3)
})

test('what is not paid yet of a service that ends is less by its later hours', async () => {
  goTo('2026-03-02T10:20')
  const id = await buy()
  await payAll()
  await live(24, async () => {})
  goTo('2026-03-03T15:30')
  await asSystem(app, async ctx =>
    terminateService(ctx, await ctx.begin(), { id, accountId: buyer.accountId }, 'not needed'),
  )
  const [row] = await runSql(
    app.db,
    `select status, due_minor from invoice where account_id = $1 and kind = 'invoice' order by id desc limit 1`,
    [buyer.accountId],
  )
  expect(row).toEqual({ status: 'Unpaid', due_minor: String(48 + 12 - (16 + 4)) })
})

test('a pro-forma of a service that ended is paid whole, and the later hours come back', async () => {
  goTo('2026-03-02T10:20')
  Object.assign(app.config, { billing: { ...app.config.billing, numberOn: 'payment' } })
  try {
    const id = await buy()
    await payAll()
    await live(24, async () => {})
    goTo('2026-03-03T15:30')
    const ref = { id, accountId: buyer.accountId }
    await asSystem(app, async ctx => terminateService(ctx, await ctx.begin(), ref, 'not needed'))
    expect(await creditOf(app.db, buyer.accountId, 'EUR')).toBe(0n)
    await payAll()
    expect((await periods(id)).at(-1)).toBe('2026-03-03 00:00 – 2026-03-03 16:00: 48')
    expect(await creditOf(app.db, buyer.accountId, 'EUR')).toBe(20n)
  } finally {
    Object.assign(app.config, { billing: { ...app.config.billing, numberOn: 'issue' } })
  }
})

test('a change at once holds from the hour that has begun, and costs the difference for the hours that are left', async () => {
  goTo('2026-03-02T10:20')
  const id = await buy()
  await payAll()
  goTo('2026-03-02T15:40')
  const request = { serviceId: id, apply: 'now' as const, resources: { [memory.id]: 4 } }
  const { now } = await buyer.run(ctx => quoteUpgrade(ctx, request))
  expect([now?.chargeMinor, now?.creditMinor]).toEqual([54n, 18n])
  await buyer.run(ctx => orderUpgrade(ctx, request))
  await payAll()
  expect(await periods(id)).toEqual([
    '2026-03-02 10:00 – 2026-03-02 15:00: 28',
    '2026-03-02 15:00 – 2026-03-03 00:00: 54',
  ])
  await live(9)
  expect((await billed()).at(-1)).toBe('2026-03-03: 24 × 6 = 144; tax 35')
})

test('an hour costs the dearest that was had in it: less from the next on, and more from the hour that has begun', async () => {
  goTo('2026-03-02T10:20')
  const id = await buy()
  await payAll()
  goTo('2026-03-02T15:40')
  const change = async (count: number) => {
    const request = { serviceId: id, apply: 'now' as const, resources: { [memory.id]: count } }
    const { ordered } = await buyer.run(ctx => orderUpgrade(ctx, request))
    await payAll()
    return ordered
  }
  await change(4)
  expect((await change(0))?.invoiceId).toBeUndefined()
  const standing = ['2026-03-02 10:00 – 2026-03-02 15:00: 28']
  expect(await periods(id)).toEqual([
    ...standing,
    '2026-03-02 15:00 – 2026-03-02 16:00: 54',
    '2026-03-02 16:00 – 2026-03-03 00:00: 16',
  ])
  await change(8)
  expect((await periods(id)).filter(each => !each.includes('16:00 – 2026-03-02 16:00'))).toEqual([
    ...standing,
    '2026-03-02 15:00 – 2026-03-02 15:00: 54',
    '2026-03-02 15:00 – 2026-03-03 00:00: 90',
  ])
  goTo('2026-03-02T23:10')
  await change(0)
  await live(1)
  expect((await billed()).at(-1)).toBe('2026-03-03: 24 × 2 = 48; tax 12')
  const [kept] = await runSql<{ net: string }>(
    app.db,
    `select sum(case kind when 'invoice' then subtotal_minor else -subtotal_minor end) as net from invoice where account_id = $1`,
    [buyer.accountId],
  )
  expect(kept?.net).toBe(String(5 * 2 + 9 * 10 + 24 * 2))
})

test('of a service that is changed in its last hour the dearer stays paid for that hour, and nothing later', async () => {
  goTo('2026-03-02T10:20')
  const id = await buy('h', { [memory.id]: 4 })
  await payAll()
  goTo('2026-03-02T15:00')
  await buyer.run(ctx => orderUpgrade(ctx, { serviceId: id, apply: 'now', resources: { [memory.id]: 0 } }))
  const ref = { id, accountId: buyer.accountId }
  await asSystem(app, async ctx => terminateService(ctx, await ctx.begin(), ref, 'not needed'))
  // 9 of 14 hours at 0.06, and 24 % of that: it ended as its sixth hour began.
  expect(await creditOf(app.db, buyer.accountId, 'EUR')).toBe(67n)
})

test('a change that is paid hours after it was ordered costs the hours that are left then', async () => {
  goTo('2026-03-02T10:20')
  const id = await buy()
  await payAll()
  await buyer.run(ctx => orderUpgrade(ctx, { serviceId: id, apply: 'now', resources: { [memory.id]: 4 } }))
  goTo('2026-03-02T20:00')
  await payAll()
  expect(await periods(id)).toEqual([
    '2026-03-02 10:00 – 2026-03-02 20:00: 28',
    '2026-03-02 20:00 – 2026-03-03 00:00: 24',
  ])
  // 10 hours at 0.02 and 4 at 0.06 were had; 14 at 0.06 were paid for.
  expect(await creditOf(app.db, buyer.accountId, 'EUR')).toBe(50n)
})

test('a change that nobody pays is gone by midnight, and the next day costs what the last did', async () => {
  goTo('2026-03-02T10:20')
  const id = await buy()
  await payAll()
  await buyer.run(ctx => orderUpgrade(ctx, { serviceId: id, apply: 'now', resources: { [memory.id]: 4 } }))
  await live(14, async () => {})
  expect((await billed()).at(-1)).toBe('2026-03-03: 24 × 2 = 48; tax 12')
})

test('another cycle begins with the next day, and its months are counted from there', async () => {
  goTo('2026-03-02T10:20')
  const id = await buy()
  await payAll()
  goTo('2026-03-10T15:00')
  await runSweeps(app)
  await payAll()
  await buyer.run(ctx => orderUpgrade(ctx, { serviceId: id, apply: 'now', cycle: 'm' }))
  await live(9)
  expect((await periods(id)).at(-1)).toBe('2026-03-11 00:00 – 2026-04-11 00:00: 800')
  await live(24)
  clock.advance(31 * 24 * hour)
  await runSweeps(app)
  expect((await periods(id)).at(-1)).toBe('2026-04-11 00:00 – 2026-05-11 00:00: 800')
})

test('from months to hours, today is billed by the hour', async () => {
  goTo('2026-03-02T10:20')
  const id = await buy('m')
  await payAll()
  goTo('2026-04-01T10:20') // the last of 31 days
  await buyer.run(ctx => orderUpgrade(ctx, { serviceId: id, apply: 'now', cycle: 'h' }))
  await payAll()
  expect((await periods(id)).at(-1)).toBe('2026-04-01 00:00 – 2026-04-02 00:00: 48')
  await live(24)
  expect((await periods(id)).at(-1)).toBe('2026-04-02 00:00 – 2026-04-03 00:00: 48')
})

test('the next day can be paid today, and no day after it', async () => {
  goTo('2026-03-02T10:20')
  const id = await buy()
  await payAll()
  await buyer.run(ctx => renewService(ctx, id))
  await payAll()
  expect((await periods(id)).at(-1)).toBe('2026-03-03 00:00 – 2026-03-04 00:00: 48')
  await expect(buyer.run(ctx => renewService(ctx, id))).rejects.toThrow('renewnotavailable')
})

test('a queued change of the cycle waits for midnight, too', async () => {
  goTo('2026-03-02T10:20')
  const id = await buy()
  await payAll()
  await buyer.run(ctx => setCycle(ctx, id, 'm'))
  await live(14)
  expect((await periods(id)).at(-1)).toBe('2026-03-03 00:00 – 2026-04-03 00:00: 800')
})

test('a recurring discount is taken of all hours of a day, where it is not lost in rounding', async () => {
  goTo('2026-03-02T10:20')
  const percent = `TEN${Math.random().toString(36).slice(2)}`.toUpperCase()
  await shop.promo({ code: percent, kind: 'percent', percent: 10, recurring: true })
  const amount = `OFF${Math.random().toString(36).slice(2)}`.toUpperCase()
  await shop.promo({ code: amount, kind: 'fixed', amounts: JSON.stringify({ EUR: 1 }), recurring: true })
  const ids = [await buy('h', {}, percent), await buy('h', {}, amount)]
  await payAll()
  await live(14)
  const nets = await Promise.all(ids.map(async id => (await periods(id)).map(each => Number(each.split(': ')[1]))))
  // 10 % of 28 and of 48; 0.01 off each of 14 and of 24 hours.
  expect(nets).toEqual([
    [25, 43],
    [14, 24],
  ])
  expect(sum(nets.flat().map(BigInt))).toBe(106n)
})
