import { addDays, addPeriod, billedFrom, cycles, recurs } from '@innkeeper/money'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { invoicesOf, lettersTo, payInvoice, renewalsOfService, seedCustomer } from '../../../test/life.ts'
import { fixedClock } from '../../clock.ts'
import type { App } from '../../context.ts'
import { runSql } from '../../db/database.ts'
import { asSystem } from '../../operator.ts'
import { addCredit } from '../billing/index.ts'
import { cancelAtPeriodEnd } from '../services/index.ts'
import { runSweeps } from './index.ts'

const day = (text: string) => new Date(`${text}T00:00:00Z`)
let clock: ReturnType<typeof fixedClock>
let app: TestApp
beforeAll(async () => {
  app = await testApp({}, { now: () => clock.now() })
})
afterAll(() => app.close())
beforeEach(async () => {
  clock = fixedClock(day('2026-01-31'))
  // What other tests left is nobody's business here.
  await runSql(app.db, `update account set parked_at = now(), parked_reason = 'of another test'`)
})

function moveTo(moment: Date): void {
  clock.advance(moment.getTime() - clock.now().getTime())
}

/** Days with their sweeps, up to and with the last. */
async function live(until: string, daily: () => Promise<void> = async () => {}): Promise<void> {
  while (clock.now() < day(until)) {
    moveTo(addDays(clock.now(), 1, 'UTC'))
    await runSweeps(app)
    await daily()
  }
}

async function payAll(accountId: string): Promise<void> {
  for (const invoice of await invoicesOf(app, accountId))
    if (invoice.status === 'Unpaid') await payInvoice(app, invoice)
}
const configured = (billing: Partial<App['config']['billing']>): App => ({
  ...app,
  config: { ...app.config, billing: { ...app.config.billing, ...billing } },
})
async function stateOf(serviceId = ''): Promise<string> {
  const [row] = await runSql<{ status: string }>(app.db, 'select status from service where id = $1', [serviceId])
  return row?.status ?? ''
}

describe('renewals', () => {
  test('go from the end of a month to the end of the next: 31 January, 28 February, 31 March', async () => {
    const { accountId, serviceIds } = await seedCustomer(app, [
      { cycle: 'm', endsAt: day('2026-02-28'), anchorDay: 31 },
    ])
    await live('2026-05-20', () => payAll(accountId))
    expect((await renewalsOfService(app, serviceIds[0] ?? '')).map(({ from, to }) => `${from} ${to}`)).toEqual([
      '2026-02-28 2026-03-31',
      '2026-03-31 2026-04-30',
      '2026-04-30 2026-05-31',
      '2026-05-31 2026-06-30',
    ])
    const second = (await invoicesOf(app, accountId))[1]
    expect(second).toMatchObject({ issuedOn: '2026-03-17', dueOn: '2026-03-31' })
  })

  test.each(cycles.filter(recurs))('of the cycle %s follow each other without gap or overlap', async cycle => {
    const endsAt = addPeriod(clock.now(), cycle, 31, 'UTC')
    const { accountId, serviceIds } = await seedCustomer(app, [{ cycle, endsAt, anchorDay: 31 }])
    const periods: string[] = []
    let startsAt = endsAt
    for (let round = 0; round < 3; round++) {
      moveTo(await nextInvoiceAt(serviceIds[0]))
      await runSweeps(app)
      await payAll(accountId)
      const { endsAt: next } = billedFrom(startsAt, cycle, 31, 'UTC')
      periods.push(`${startsAt.toISOString()} ${next.toISOString()}`)
      startsAt = next
    }
    expect(await periodsOf(serviceIds[0])).toEqual(periods)
    expect(await invoicesOf(app, accountId)).toHaveLength(3)
  })

  test('of one day stand on one invoice, those of other days do not', async () => {
    const sameDay = { cycle: 'm', endsAt: day('2026-03-10') } as const
    const { accountId } = await seedCustomer(app, [
      sameDay,
      { ...sameDay, cycle: 'q' },
      { cycle: 'm', endsAt: day('2026-03-11') },
    ])
    await live('2026-03-01')
    expect((await invoicesOf(app, accountId)).map(({ dueOn, lines }) => `${dueOn} ${lines}`)).toEqual([
      '2026-03-10 2',
      '2026-03-11 1',
    ])
  })

  test('each have an invoice of their own where the provider wants that', async () => {
    const sameDay = { cycle: 'm', endsAt: day('2026-03-10') } as const
    const { accountId } = await seedCustomer(app, [sameDay, sameDay])
    moveTo(day('2026-03-01'))
    await runSweeps(configured({ mergeRenewals: false }))
    expect((await invoicesOf(app, accountId)).map(({ lines }) => lines)).toEqual([1, 1])
  })

  test('missed while nothing ran are made up for in their order, and are not due before anybody could pay them', async () => {
    const { accountId, serviceIds } = await seedCustomer(app, [{ cycle: 'w', endsAt: day('2026-02-07') }])
    moveTo(day('2026-02-27'))
    await runSweeps(app)
    expect((await renewalsOfService(app, serviceIds[0] ?? '')).map(({ from }) => from)).toEqual([
      '2026-02-07',
      '2026-02-14',
      '2026-02-21',
      '2026-02-28',
    ])
    const dueDays = (await invoicesOf(app, accountId)).map(({ dueOn }) => dueOn)
    expect(dueDays).toEqual(['2026-03-06', '2026-03-06', '2026-03-06', '2026-02-28'])
  })

  test('are paid out of the credit of the account', async () => {
    const { accountId, email } = await seedCustomer(app, [{ cycle: 'm', priceMinor: 700n, endsAt: day('2026-02-10') }])
    await asSystem(app, async ctx => {
      const credit = { accountId, amountMinor: 1000n, currency: 'EUR', key: `gift ${accountId}`, description: 'A gift' }
      await addCredit(ctx, await ctx.begin(), credit)
    })
    await live('2026-02-02')
    const invoices = await invoicesOf(app, accountId)
    expect(invoices.map(({ status, stages }) => ({ status, stages }))).toEqual([{ status: 'Paid', stages: ['issued'] }])
    expect(await lettersTo(app, email)).toHaveLength(1)
  })

  test('end with a service that was asked to end with its period', async () => {
    const { accountId, serviceIds } = await seedCustomer(app, [{ cycle: 'm', endsAt: day('2026-02-28') }])
    await asSystem(app, async ctx =>
      cancelAtPeriodEnd(ctx, await ctx.begin(), { id: serviceIds[0] ?? '', accountId }, 'asked for'),
    )
    await live('2026-02-27')
    expect(await stateOf(serviceIds[0])).toBe('Active')
    await live('2026-02-28')
    expect(await stateOf(serviceIds[0])).toBe('Cancelled')
    expect(await invoicesOf(app, accountId)).toEqual([])
  })
})

describe('an invoice that nobody pays', () => {
  test('is told of, reminded of, then its service is stopped, ended, and it goes to collections', async () => {
    const { accountId, serviceIds, email } = await seedCustomer(app, [{ cycle: 'm', endsAt: day('2026-02-20') }])
    const states: Record<string, string> = {}
    await live('2026-03-25', async () => {
      const state = await stateOf(serviceIds[0])
      if (!Object.values(states).includes(state)) states[clock.now().toISOString().slice(0, 10)] = state
    })
    expect(states).toEqual({ '2026-02-01': 'Active', '2026-02-24': 'Suspended', '2026-03-13': 'Terminated' })
    const [invoice, ...others] = await invoicesOf(app, accountId)
    expect(others).toEqual([])
    expect(invoice).toMatchObject({ status: 'Collections', issuedOn: '2026-02-06', dueOn: '2026-02-20' })
    const stages = await runSql<{ told: string }>(
      app.db,
      `select stage || ' ' || (at at time zone 'UTC')::date as told from (
         select stage, at from dunning where invoice_id = $1
         union all select 'issued', told_at from invoice where id = $1
       ) letter order by at`,
      [invoice?.id],
    )
    expect(stages.map(({ told }) => told)).toEqual([
      'issued 2026-02-06',
      'before:3 2026-02-17',
      'after:1 2026-02-21',
      'after:3 2026-02-23',
      'suspended 2026-02-24',
      'terminated 2026-03-13',
      'collections 2026-03-22',
    ])
    expect(await lettersTo(app, email)).toHaveLength(7)
  })

  test('starts its service again when it is paid after all', async () => {
    const { accountId, serviceIds } = await seedCustomer(app, [{ cycle: 'm', endsAt: day('2026-02-20') }])
    await live('2026-02-25')
    expect(await stateOf(serviceIds[0])).toBe('Suspended')
    await payAll(accountId)
    expect(await stateOf(serviceIds[0])).toBe('Active')
    await live('2026-03-06')
    expect((await renewalsOfService(app, serviceIds[0] ?? '')).map(({ from }) => from)).toEqual([
      '2026-02-20',
      '2026-03-20',
    ])
  })

  test('is reminded of once at each stage, whoever else sweeps at the same time', async () => {
    const { accountId, email } = await seedCustomer(app, [
      { cycle: 'm', endsAt: day('2026-02-20') },
      { cycle: 'q', endsAt: day('2026-02-20') },
    ])
    for (const date of ['2026-02-06', '2026-02-17', '2026-02-21', '2026-02-23', '2026-02-24']) {
      moveTo(day(date))
      await Promise.all(Array.from({ length: 4 }, () => runSweeps(app)))
    }
    const [invoice, ...others] = await invoicesOf(app, accountId)
    expect(others).toEqual([])
    expect(invoice?.stages).toEqual(['issued', 'before:3', 'after:1', 'after:3', 'suspended'])
    expect(await lettersTo(app, email)).toHaveLength(5)
  })

  test('has one letter for the stages that passed while nothing ran', async () => {
    const { accountId, email } = await seedCustomer(app, [{ cycle: 'm', endsAt: day('2026-02-20') }])
    await live('2026-02-06')
    moveTo(day('2026-02-23'))
    await runSweeps(app)
    expect((await invoicesOf(app, accountId))[0]?.stages).toEqual(['issued', 'after:1', 'after:3', 'before:3'])
    expect(await lettersTo(app, email)).toHaveLength(2)
  })

  test('costs a late fee once, and the fee has none', async () => {
    const { accountId } = await seedCustomer(app, [{ cycle: 'm', endsAt: day('2026-02-20') }])
    const charging = configured({ lateFeePercent: 10, lateFeeAfterDays: 2, suspendAfterDays: 300, renewalLeadDays: 3 })
    for (moveTo(day('2026-02-17')); clock.now() < day('2026-03-14'); moveTo(addDays(clock.now(), 1, 'UTC'))) {
      await runSweeps(charging)
    }
    const totals = await runSql(
      app.db,
      'select total_minor, late_fee_of_id is not null as fee from invoice where account_id = $1 order by id',
      [accountId],
    )
    expect(totals).toEqual([
      { total_minor: '1000', fee: false },
      { total_minor: '100', fee: true },
    ])
  })
})

async function nextInvoiceAt(serviceId = ''): Promise<Date> {
  const [row] = await runSql<{ at: Date }>(app.db, 'select next_invoice_at as at from service where id = $1', [
    serviceId,
  ])
  return row?.at ?? new Date(Number.NaN)
}

async function periodsOf(serviceId = ''): Promise<string[]> {
  const rows = await runSql<{ from: Date; to: Date }>(
    app.db,
    `select starts_at as from, ends_at as to from billed_period where service_id = $1 and reason = 'renewal' order by starts_at`,
    [serviceId],
  )
  return rows.map(({ from, to }) => `${from.toISOString()} ${to.toISOString()}`)
}
