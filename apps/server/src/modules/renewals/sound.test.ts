import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { cartOf } from '../../../test/billing.ts'
import { invoicesOf, lettersTo, seedCustomer } from '../../../test/life.ts'
import { fixedClock } from '../../clock.ts'
import { runSql } from '../../db/database.ts'
import { asSystem } from '../../operator.ts'
import { issueInvoice, parkAccount, unparkAccount } from '../billing/index.ts'
import { cancelAtPeriodEnd } from '../services/index.ts'
import { runSweeps } from './index.ts'

const day = (text: string) => new Date(`${text}T00:00:00Z`)
const clock = fixedClock(day('2026-01-31'))
let app: TestApp
beforeAll(async () => {
  app = await testApp({}, clock)
})
afterAll(() => app.close())

type Customer = Awaited<ReturnType<typeof seedCustomer>>
let sound: Customer
let other: Customer
beforeEach(async () => {
  other = await newCustomer()
  sound = await newCustomer()
})
const newCustomer = () =>
  seedCustomer(app, [{ cycle: 'm', endsAt: new Date(clock.now().getTime() + 10 * 86_400_000), anchorDay: 10 }])

async function parkedReason({ accountId }: Customer): Promise<string | null> {
  const text = 'select parked_reason as reason from account where id = $1'
  const [row] = await runSql<{ reason: string | null }>(app.db, text, [accountId])
  return row?.reason ?? null
}

describe('an account whose money does not add up', () => {
  test('is parked instead of being billed for time that is billed already; the others are billed', async () => {
    const [serviceId] = other.serviceIds
    // Somebody wrote to the table: the period goes on, and the next invoice is due all the same.
    await runSql(
      app.db,
      `insert into billed_period (account_id, service_id, reason, starts_at, ends_at, net_minor)
       select account_id, service_id, 'upgrade', starts_at, ends_at + interval '5 days', 0 from billed_period where service_id = $1`,
      [serviceId],
    )
    await runSweeps(app)
    expect(await parkedReason(other)).toMatch(
      new RegExp(`^service ${serviceId} is due for renewal, but is billed until`),
    )
    expect(await invoicesOf(app, other.accountId)).toEqual([])
    expect(await invoicesOf(app, sound.accountId)).toHaveLength(1)
    expect(await parkedReason(sound)).toBeNull()
  })

  test('is left alone by every sweep while it is parked', async () => {
    await runSweeps(app)
    const { accountId } = other
    await asSystem(app, async ctx => {
      const tx = await ctx.begin()
      await issueInvoice(ctx, tx, { accountId, priced: cartOf([500n]) }) // nobody was told of it yet
      await parkAccount(ctx, tx, accountId, 'to be looked at')
    })
    const rows = async () => [
      await invoicesOf(app, other.accountId),
      await lettersTo(app, other.email),
      await runSql(app.db, 'select status, next_invoice_at, ended_at from service where account_id = $1', [
        other.accountId,
      ]),
    ]
    const before = await rows()
    for (let days = 0; days < 50; days += 5) {
      clock.advance(5 * 86_400_000)
      await runSweeps(app)
    }
    expect(await rows()).toEqual(before)
    expect(await lettersTo(app, sound.email)).not.toHaveLength(1)
    await asSystem(app, async ctx => unparkAccount(ctx, await ctx.begin(), accountId))
    await runSweeps(app)
    expect((await invoicesOf(app, accountId)).map(({ stages }) => stages)).not.toContainEqual([])
    expect(await lettersTo(app, other.email)).toContainEqual(expect.stringMatching(/: invoice \S+$/))
  })
})

test('what was to change or end of a parked account waits until somebody has looked', async () => {
  const [id = ''] = other.serviceIds
  const ref = { id, accountId: other.accountId }
  const [changing = ''] = (await newCustomer()).serviceIds
  const [{ changer } = { changer: '' }] = await runSql<{ changer: string }>(
    app.db,
    `insert into service_change (account_id, service_id, apply, state, price_minor, created_at, expires_at)
     select account_id, id, 'now', 'invoiced', 1000, $2, $3 from service where id = $1 returning account_id as changer`,
    [changing, clock.now(), new Date(clock.now().getTime() + 86_400_000)],
  )
  await asSystem(app, async ctx => {
    const tx = await ctx.begin()
    await cancelAtPeriodEnd(ctx, tx, ref, 'asked for')
    for (const accountId of [other.accountId, changer]) await parkAccount(ctx, tx, accountId, 'to be looked at')
  })
  const states = async () => {
    const [row] = await runSql<{ service: string; change: string }>(
      app.db,
      `select s.status as service, ch.state as change from service s, service_change ch where s.id = $1 and ch.service_id = $2`,
      [id, changing],
    )
    return row
  }
  clock.advance(20 * 86_400_000)
  await runSweeps(app)
  expect(await states()).toEqual({ service: 'Active', change: 'invoiced' })
  await asSystem(app, async ctx => {
    const tx = await ctx.begin()
    for (const accountId of [other.accountId, changer]) await unparkAccount(ctx, tx, accountId)
  })
  await runSweeps(app)
  expect(await states()).toEqual({ service: 'Cancelled', change: 'expired' })
})

describe('an item of a sweep that fails', () => {
  beforeEach(() =>
    runSql(
      app.db,
      `create function test_refuses() returns trigger language plpgsql as $$
       begin if new.account_id = ${other.accountId} then raise exception 'out of order'; end if; return new; end $$`,
    ).then(() =>
      runSql(
        app.db,
        'create trigger test_refuses before insert on invoice for each row execute function test_refuses()',
      ),
    ),
  )
  afterEach(() => runSql(app.db, 'drop function if exists test_refuses cascade'))

  test('stops no other, is told of, and is done once it can be', async () => {
    const before = await lastSuccess()
    await expect(runSweeps(app)).rejects.toThrow(`renewals: 1 failed, `)
    expect(await invoicesOf(app, sound.accountId)).toHaveLength(1)
    expect(await invoicesOf(app, other.accountId)).toEqual([])
    expect(await parkedReason(other)).toBeNull()
    clock.advance(60_000)
    await expect(runSweeps(app)).rejects.toThrow('out of order')
    expect(await lastSuccess()).toEqual({ ...before, reminders: clock.now().getTime() / 1000 })
    await runSql(app.db, 'drop function test_refuses cascade')
    await runSweeps(app)
    expect(await invoicesOf(app, other.accountId)).toHaveLength(1)
    expect((await lastSuccess()).renewals).toBe(clock.now().getTime() / 1000)
  })
})

async function lastSuccess(): Promise<{ renewals: number; reminders: number }> {
  const metric = await app.metrics.registry.getSingleMetric('innkeeper_sweep_last_success_seconds')?.get()
  const of = (sweep: string) => metric?.values.find(({ labels }) => labels.sweep === sweep)?.value ?? 0
  return { renewals: of('renewals'), reminders: of('reminders') }
}
