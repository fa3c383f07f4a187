import { addDays } from '@innkeeper/money'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { invoicesOf, lettersTo, mailsTo, payInvoice, type SeenInvoice, seedCustomer } from '../../../test/life.ts'
import { fixedClock } from '../../clock.ts'
import { runSql } from '../../db/database.ts'
import { asSystem } from '../../operator.ts'
import {
  documentOf,
  parkAccount,
  recordChargeback,
  recordPayment,
  sendToCollections,
  unparkAccount,
} from '../billing/index.ts'
import { unsuspendService } from '../services/index.ts'
import { runSweeps } from './index.ts'
import { suspendOverdue } from './stop-services.ts'

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

const moveTo = (moment: Date) => clock.advance(moment.getTime() - clock.now().getTime())

/** Days with their sweeps, up to and with the last. */
async function live(until: string): Promise<void> {
  while (clock.now() < day(until)) {
    moveTo(addDays(clock.now(), 1, 'UTC'))
    await runSweeps(app)
  }
}

/** A year from 20 February, billed two weeks before. */
async function yearly() {
  const customer = await seedCustomer(app, [{ cycle: 'a', endsAt: day('2026-02-20') }])
  await live('2026-02-06')
  const invoice = async () => {
    const [first] = await invoicesOf(app, customer.accountId)
    if (first === undefined) throw new Error('there is no invoice')
    return first
  }
  const service = async () => {
    const text = 'select status from service where account_id = $1'
    const [row] = await runSql<{ status: string }>(app.db, text, [customer.accountId])
    return row?.status
  }
  return { ...customer, invoice, service }
}
type Yearly = Awaited<ReturnType<typeof yearly>>

/** What happened to an invoice, each with its day. */
async function story({ invoice }: Yearly): Promise<string[]> {
  const rows = await runSql<{ told: string }>(
    app.db,
    `select stage || ' ' || to_char(at at time zone 'UTC', 'MM-DD') as told from dunning where invoice_id = $1
     order by at, stage`,
    [(await invoice()).id],
  )
  return rows.map(({ told }) => told)
}

let disputes = 0
function takeBack({ id }: SeenInvoice): Promise<string> {
  const externalId = `dispute ${++disputes}`
  return asSystem(app, async ctx => {
    const tx = await ctx.begin()
    const [payment] = await runSql<{ id: string; amount: string }>(
      tx,
      `select id, amount_minor as amount from payment where invoice_id = $1 and kind = 'payment' order by id desc limit 1`,
      [id],
    )
    const amountMinor = BigInt(payment?.amount ?? 0)
    await recordChargeback(ctx, tx, { paymentId: payment?.id ?? '', amountMinor, externalId })
    return externalId
  })
}

/** The bank gives back what it had taken. */
function giveBack({ id, accountId }: SeenInvoice, externalId: string): Promise<unknown> {
  const money = { amountMinor: 1000n, currency: 'EUR', at: clock.now(), note: 'Dispute won' }
  const from = { accountId, invoiceId: id, methodId: null, gateway: 'bank', externalId }
  return asSystem(app, async ctx => recordPayment(ctx, await ctx.begin(), { ...from, ...money }))
}

const park = ({ accountId }: Yearly) =>
  asSystem(app, async ctx => parkAccount(ctx, await ctx.begin(), accountId, 'to be looked at'))
const unpark = ({ accountId }: Yearly) => asSystem(app, async ctx => unparkAccount(ctx, await ctx.begin(), accountId))

describe('an invoice whose payment was taken back', () => {
  test('is owed like a new one: reminded of, its service stopped, then ended, each on its day', async () => {
    const customer = await yearly()
    await payInvoice(app, await customer.invoice())
    await live('2026-04-01')
    await takeBack(await customer.invoice())
    await runSweeps(app)
    expect(await customer.service()).toBe('Active')
    expect(await story(customer)).toEqual([])
    await live('2026-05-10')
    expect(await story(customer)).toEqual([
      'before:3 04-05',
      'after:1 04-09',
      'after:3 04-11',
      'suspended 04-12',
      'terminated 04-29',
      'collections 05-08',
    ])
    expect(await lettersTo(app, customer.email)).toContainEqual(expect.stringMatching(/is due on 2026-04-08$/))
  })

  test('keeps the day that stands on the document', async () => {
    const customer = await yearly()
    await payInvoice(app, await customer.invoice())
    await live('2026-04-01')
    const invoice = await customer.invoice()
    await takeBack(invoice)
    const { document, payBy } = await documentOf(app, app.db, customer.accountId, invoice.id)
    expect([document.dueOn, payBy]).toEqual(['2026-02-20', '2026-04-08'])
  })

  test('is due no sooner than it was before', async () => {
    const customer = await yearly()
    const invoice = await customer.invoice()
    await payInvoice(app, invoice)
    await takeBack(invoice)
    expect((await documentOf(app, app.db, customer.accountId, invoice.id)).payBy).toBe('2026-02-20')
  })

  test('has its service run again when the bank gives the money back after all', async () => {
    const customer = await yearly()
    await payInvoice(app, await customer.invoice())
    await live('2026-04-01')
    const dispute = await takeBack(await customer.invoice())
    await live('2026-04-20')
    expect(await customer.service()).toBe('Suspended')
    await giveBack(await customer.invoice(), dispute)
    expect([await customer.service(), (await customer.invoice()).status]).toEqual(['Active', 'Paid'])
  })

  test('does not keep a service stopped that is paid for otherwise, until it is overdue again', async () => {
    const customer = await yearly()
    await payInvoice(app, await customer.invoice())
    await live('2027-02-26')
    expect(await customer.service()).toBe('Suspended') // the next year
    const [first, second] = await invoicesOf(app, customer.accountId)
    if (first === undefined || second === undefined) throw new Error('there are no two invoices')
    await takeBack(first)
    await payInvoice(app, second)
    expect(await customer.service()).toBe('Active')
  })
})

test('letters of an overdue invoice name the day on which its service is stopped', async () => {
  const customer = await yearly()
  await live('2026-02-24')
  expect(await customer.service()).toBe('Suspended')
  const texts = (await mailsTo(app, customer.email)).map(({ text }) => text)
  expect(texts.flatMap(text => /stops on (\S+)\.\n/.exec(text)?.[1] ?? [])).toEqual(['2026-02-24', '2026-02-24'])
})

describe('an invoice that was overdue for long while nobody looked', () => {
  test.each([
    ['no worker ran', async () => {}, async () => {}],
    ['its account was parked', park, unpark],
  ])('because %s is followed step by step, each as long after the one before as always', async (_why, from, to) => {
    const customer = await yearly()
    await from(customer)
    moveTo(day('2026-04-01'))
    await runSweeps(app)
    await to(customer)
    await runSweeps(app)
    await live('2026-05-10')
    expect(await story(customer)).toEqual([
      'after:1 04-01',
      'after:3 04-01',
      'before:3 04-01',
      'suspended 04-02',
      'terminated 04-19',
      'collections 04-28',
    ])
  })

  test('has a letter with the day on which its service is stopped then', async () => {
    const customer = await yearly()
    await park(customer)
    moveTo(day('2026-04-01'))
    await unpark(customer)
    await runSweeps(app)
    const letter = (await mailsTo(app, customer.email)).at(-1)
    expect(letter?.subject).toMatch(/ is 40 days overdue$/)
    expect(letter?.text).toContain('Please pay it now: what it is for stops on 2026-04-02.')
    await live('2026-04-02')
    expect(await customer.service()).toBe('Suspended')
  })

  test('does not end at once what was stopped before: the days in which nobody could pay do not count', async () => {
    const customer = await yearly()
    await live('2026-02-25')
    await park(customer)
    await live('2026-04-01')
    await unpark(customer)
    await live('2026-05-10')
    expect((await story(customer)).slice(-3)).toEqual(['suspended 02-24', 'terminated 04-18', 'collections 04-27'])
  })

  test('has no service stopped before its reminder, whichever sweep comes first', async () => {
    const customer = await yearly()
    moveTo(day('2026-04-01'))
    expect(await suspendOverdue.next(app, undefined)).toEqual([])
    await runSweeps(app)
    expect(await suspendOverdue.next(app, undefined)).toEqual([])
    moveTo(day('2026-04-02'))
    expect(await suspendOverdue.next(app, undefined)).toHaveLength(1)
    expect(await customer.service()).toBe('Active')
  })
})

test('an invoice that is in collections has services stopped and ended like any other, and again if somebody let them run', async () => {
  const customer = await yearly()
  const { accountId, serviceIds } = customer
  await live('2026-02-22')
  await asSystem(app, async ctx => sendToCollections(ctx, await ctx.begin(), await customer.invoice()))
  await live('2026-02-24')
  expect(await customer.service()).toBe('Suspended')
  await asSystem(app, async ctx => unsuspendService(ctx, await ctx.begin(), { id: serviceIds[0] ?? '', accountId }))
  await live('2026-03-10')
  expect(await customer.service()).toBe('Suspended')
  await live('2026-03-14')
  expect(await customer.service()).toBe('Terminated') // seventeen days after it was stopped the second time
})
