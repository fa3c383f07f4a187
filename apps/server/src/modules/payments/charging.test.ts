import { spawn } from 'node:child_process'
import type { PaymentDriver } from '@innkeeper/drivers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PaymentsApp, paymentsApp } from '../../../test/payments.ts'
import { waitFor } from '../../../test/wait-for.ts'
import type { App, InvoiceRef } from '../../context.ts'
import { asSystem } from '../../operator.ts'
import { Refusal } from '../../refusal.ts'
import { addCredit, applyCredit, auditMoney } from '../billing/index.ts'
import { attemptByExternalId } from './attempt-store.ts'
import { chargeInvoice, startCheckout } from './index.ts'
import { settleAttempt } from './settle-attempt.ts'

let app: PaymentsApp
beforeAll(async () => {
  app = await paymentsApp()
})
afterAll(() => app.close())

const inProgress = { code: 'payment_in_progress' }
const charge = (ref: InvoiceRef, on: App = app) => asSystem(on, ctx => chargeInvoice(ctx, ref))
const takenFor = async (work: () => Promise<unknown>) => {
  const before = app.stripe.captured().length
  await work()
  return app.stripe.captured().length - before
}

async function attemptsOf({ id }: InvoiceRef) {
  return app.db
    .selectFrom('charge_attempt')
    .select(['id', 'kind', 'state', 'error', 'external_id'])
    .where('invoice_id', '=', id)
    .orderBy('created_at')
    .execute()
}

/** What the job does that was written down with the attempt, when its time has come. */
async function settle(ref: InvoiceRef): Promise<void> {
  app.at.advance(120_000)
  for (const { id } of await attemptsOf(ref)) await app.act(ctx => settleAttempt(ctx, id))
}

const page = (ref: InvoiceRef, saveCard = false) =>
  app.act(ctx =>
    startCheckout(ctx, ref, {
      method: { id: app.methods.stripe, driver: 'stripe' },
      email: 'ada@example.com',
      returnUrl: 'https://example.com/paid',
      saveCard,
    }),
  )
const idOf = (url: string) => url.split('/').at(-1) ?? ''

/** The gateway with another charge. */
function withGateway(change: (gateway: PaymentDriver) => Partial<PaymentDriver>): App {
  const gateway = app.gateways.get('stripe')
  if (gateway === undefined) throw new Error('no gateway')
  return { ...app, gateways: new Map([['stripe', { ...gateway, ...change(gateway) }]]) }
}

describe('a kept card', () => {
  test('pays the invoice, and what the gateway keeps is booked as a fee', async () => {
    const ref = await app.debtor()
    expect(await charge(ref)).toEqual({ state: 'paid', status: 'Paid' })
    expect(await app.status(ref)).toBe('Paid')
    const payment = await app.db
      .selectFrom('payment')
      .selectAll()
      .where('invoice_id', '=', ref.id)
      .executeTakeFirstOrThrow()
    expect(payment).toMatchObject({ gateway: 'stripe', amount_minor: '2480', fee_minor: '62', currency: 'EUR' })
  })

  test('is charged once however many ask at the same time', async () => {
    const ref = await app.debtor()
    let results: PromiseSettledResult<unknown>[] = []
    const taken = await takenFor(async () => {
      results = await Promise.allSettled(Array.from({ length: 20 }, () => charge(ref)))
    })
    expect(taken).toBe(1)
    expect(results.filter(one => one.status === 'fulfilled')).toHaveLength(1)
    expect(await app.booked(ref)).toEqual(['payment 2480'])
  })

  test('that is declined is written down with the reason, and may be charged again', async () => {
    const ref = await app.debtor('pm_card_chargeDeclined')
    expect(await charge(ref)).toEqual({ state: 'declined', reason: 'insufficient_funds' })
    expect(await charge(ref)).toMatchObject({ state: 'declined' })
    expect(await attemptsOf(ref)).toMatchObject([
      { state: 'failed', error: 'insufficient_funds' },
      { state: 'failed', error: 'insufficient_funds' },
    ])
    expect(await app.status(ref)).toBe('Unpaid')
  })

  test('is not charged where there is none, where nothing is due, or where billing stopped', async () => {
    const ref = await app.debtor('none')
    expect(await charge(ref)).toEqual({ state: 'no card' })
    const paid = await app.debtor()
    await charge(paid)
    const parked = await app.debtor()
    await app.db.updateTable('account').set({ parked_at: app.at.now() }).where('id', '=', parked.accountId).execute()
    const taken = await takenFor(async () => {
      await expect(charge(paid)).rejects.toMatchObject({ code: 'conflict' })
      await expect(charge(parked)).rejects.toMatchObject({ code: 'conflict' })
    })
    expect(taken).toBe(0)
  })

  test('is not charged for an invoice that is to be paid otherwise', async () => {
    const ref = await app.debtor()
    const byTransfer = { payment_method_id: app.methods.bank }
    await app.db.updateTable('invoice').set(byTransfer).where('id', '=', ref.id).execute()
    expect(await charge(ref)).toEqual({ state: 'no card' })
    expect(await app.act(ctx => chargeInvoice(ctx, ref, app.methods.stripe))).toMatchObject({ state: 'paid' })
  })

  test('is not charged for what was paid otherwise at the last moment', async () => {
    const ref = await app.debtor()
    const credited = withGateway(gateway => ({
      charge: async (key, wish, begun) => {
        await app.run(async (ctx, tx) => {
          const { accountId } = ref
          const key = `test ${ref.id}`
          await addCredit(ctx, tx, { accountId, amountMinor: 500n, currency: 'EUR', key, description: 'Sorry' })
          await applyCredit(ctx, tx, { accountId, invoiceId: ref.id })
        })
        return gateway.charge(key, wish, begun)
      },
    }))
    const taken = await takenFor(() => expect(charge(ref, credited)).rejects.toMatchObject({ code: 'conflict' }))
    expect(taken).toBe(0)
    expect(await charge(ref)).toMatchObject({ state: 'paid' })
    expect(await app.booked(ref)).toEqual(['payment 1980'])
  })
})

describe('a gateway that does not answer', () => {
  test('after it has charged: nobody charges again, and the payment is found', async () => {
    const ref = await app.debtor()
    app.stripe.mishap(/confirm$/, 'late')
    const taken = await takenFor(async () => {
      expect(await charge(ref)).toEqual({ state: 'unknown' })
      await expect(charge(ref)).rejects.toMatchObject(inProgress)
      await expect(page(ref)).rejects.toMatchObject(inProgress)
      await settle(ref)
      await settle(ref)
    })
    expect(taken).toBe(1)
    expect(await app.status(ref)).toBe('Paid')
    expect(await app.booked(ref)).toEqual(['payment 2480'])
  })

  test('instead of charging: the lease ends, and the card is charged by the next attempt', async () => {
    const ref = await app.debtor()
    app.stripe.mishap(/confirm$/, 'lost')
    const taken = await takenFor(async () => {
      expect(await charge(ref)).toEqual({ state: 'unknown' })
      await settle(ref)
      expect(await charge(ref)).toMatchObject({ state: 'paid' })
    })
    expect(taken).toBe(1)
  })

  test('not even when asked what became of it: the lease stays until it does', async () => {
    const ref = await app.debtor()
    app.stripe.mishap(/confirm$/, 'late')
    expect(await charge(ref)).toEqual({ state: 'unknown' })
    app.stripe.mishap(/cancel$/, 'broken')
    await expect(settle(ref)).rejects.toMatchObject({ kind: 'timeout' })
    await expect(charge(ref)).rejects.toMatchObject(inProgress)
    await settle(ref)
    expect(await app.status(ref)).toBe('Paid')
  })

  test('before money could move: the lease ends at once', async () => {
    const ref = await app.debtor()
    app.stripe.mishap(/^POST payment_intents$/, 'late')
    await expect(charge(ref)).rejects.toMatchObject({ kind: 'timeout' })
    const trail = app.db.selectFrom('audit').select('event').where('account_id', '=', ref.accountId)
    expect(await trail.where('event', '=', 'payment.fail').execute()).toHaveLength(1)
    expect(await charge(ref)).toMatchObject({ state: 'paid' })
    expect(await app.booked(ref)).toEqual(['payment 2480'])
  })
})

describe('a process that dies', () => {
  /** The charge comes as far as this, and nothing of the process is ever heard again. */
  const dies = (after: 'lease' | 'name' | 'money') =>
    withGateway(gateway => ({
      charge: async (key, wish, begun) => {
        const never = new Promise<never>(() => {})
        if (after === 'lease') return never
        const noted = after === 'name' ? async (id: string) => begun(id).then(() => never) : begun
        await gateway.charge(key, wish, noted)
        return never
      },
    }))

  test.each([
    ['lease', 0, 'Unpaid'],
    ['name', 0, 'Unpaid'],
    ['money', 1, 'Paid'],
  ] as const)('after the %s is found out about, and the invoice is paid once', async (after, taken, status) => {
    const ref = await app.debtor()
    const before = app.stripe.captured().length
    charge(ref, dies(after)).catch(() => {})
    await expect.poll(async () => (await attemptsOf(ref)).length).toBe(1)
    if (after !== 'lease') await expect.poll(async () => (await attemptsOf(ref))[0]?.external_id).not.toBeNull()
    await expect.poll(() => app.stripe.captured().length - before).toBe(taken)
    await settle(ref)
    expect(await app.status(ref)).toBe(status)
    if (status === 'Unpaid') await charge(ref)
    expect(await app.booked(ref)).toEqual(['payment 2480'])
    expect(app.stripe.captured().length - before).toBe(1)
  })
})

test('a process that is killed while the gateway is silent has charged once, and the next one finds out', async () => {
  const ref = await app.debtor()
  const before = app.stripe.captured().length
  app.stripe.mishap(/confirm$/, 'late')
  const { url, secretKey } = app.stripe
  const settings = JSON.stringify({ connection: app.connection, stripe: { url, secretKey }, ref })
  const child = spawn(process.execPath, ['--import', 'tsx', 'apps/server/test/dying-charger.ts', settings])
  const gone = new Promise(resolve => child.once('exit', (_code, signal) => resolve(signal)))
  await waitFor(() => app.stripe.captured().length > before)
  child.kill('SIGKILL')
  expect(await gone).toBe('SIGKILL')
  await expect(charge(ref)).rejects.toMatchObject(inProgress)
  expect(await app.status(ref)).toBe('Unpaid')
  await settle(ref)
  expect(await app.status(ref)).toBe('Paid')
  expect(await app.booked(ref)).toEqual(['payment 2480'])
  expect(app.stripe.captured().length - before).toBe(1)
})

describe('a page to pay on', () => {
  test('is handed out again as long as it is open and fits', async () => {
    const ref = await app.debtor('none')
    const url = await page(ref)
    expect(await page(ref)).toBe(url)
    expect(await page(ref, true)).not.toBe(url)
    expect((await attemptsOf(ref)).map(({ state }) => state)).toEqual(['expired', 'open'])
  })

  test('is one for all who ask at the same time', async () => {
    const ref = await app.debtor('none')
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => page(ref)))
    const urls = results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
    expect(new Set(urls).size).toBe(1)
    expect(await attemptsOf(ref)).toHaveLength(1)
  })

  test('is closed before the kept card is charged', async () => {
    const ref = await app.debtor()
    const url = await page(ref)
    expect(await charge(ref)).toMatchObject({ state: 'paid' })
    expect(() => app.stripe.pay(idOf(url))).toThrow('expired')
    expect(await app.booked(ref)).toEqual(['payment 2480'])
  })

  test('that was paid a moment before counts, and the card is left alone', async () => {
    const ref = await app.debtor()
    const url = await page(ref)
    const taken = await takenFor(async () => {
      app.stripe.pay(idOf(url))
      await expect(charge(ref)).rejects.toMatchObject({ code: 'conflict', detail: { also: ['Paid'] } })
    })
    expect(taken).toBe(1)
    expect(await app.booked(ref)).toEqual(['payment 2480'])
  })

  test('that is paid slowly keeps the lease until the bank has decided', async () => {
    const ref = await app.debtor()
    const id = idOf(await page(ref))
    app.stripe.pay(id, { settles: 'later' })
    await expect(charge(ref)).rejects.toMatchObject(inProgress)
    app.stripe.settleLater(id, true)
    await settle(ref)
    expect(await app.booked(ref)).toEqual(['payment 2480'])
  })

  test('that nobody pays closes when its time is over, and by then no other was needed to notice a payment', async () => {
    const unpaid = await app.debtor('none')
    const paid = await app.debtor('none')
    await page(unpaid)
    app.stripe.pay(idOf(await page(paid)))
    await settle(paid)
    expect(await app.status(paid)).toBe('Paid')
    app.at.advance(13 * 3_600_000)
    await settle(unpaid)
    expect(await attemptsOf(unpaid)).toMatchObject([{ state: 'expired', error: 'expired' }])
  })

  test('is closed once the invoice is paid otherwise', async () => {
    const ref = await app.debtor('none')
    const id = idOf(await page(ref))
    await app.run(async (ctx, tx) => {
      const { accountId } = ref
      const key = `test ${ref.id}`
      await addCredit(ctx, tx, { accountId, amountMinor: 2480n, currency: 'EUR', key, description: 'Sorry' })
      await applyCredit(ctx, tx, { accountId, invoiceId: ref.id })
    })
    const attempt = await attemptByExternalId(app.db, 'stripe', id)
    await app.act(ctx => settleAttempt(ctx, attempt?.id ?? ''))
    expect(() => app.stripe.pay(id)).toThrow('expired')
  })

  test('keeps the card if that was wished, in the place of the one before', async () => {
    const ref = await app.debtor()
    app.stripe.pay(idOf(await page(ref, true)))
    await settle(ref)
    const cards = await app.db
      .selectFrom('saved_card')
      .select(['last4', 'removed_at'])
      .where('account_id', '=', ref.accountId)
      .orderBy('id')
      .execute()
    expect(cards).toEqual([
      { last4: '4242', removed_at: expect.any(Date) },
      { last4: '4242', removed_at: null },
    ])
    const next = await app.invoice(ref.accountId)
    expect(await charge(next)).toMatchObject({ state: 'paid' })
  })
})

test('money that was taken and cannot be booked parks the account, books nothing of it, and is not taken again', async () => {
  const ref = await app.debtor()
  const effects = { ...app.effects, invoicePaid: () => Promise.reject(new Refusal('conflict')) }
  expect(await charge(ref, { ...app, effects })).toEqual({ state: 'unknown' })
  expect([await app.booked(ref), await app.status(ref)]).toEqual([[], 'Unpaid'])
  const account = app.db.selectFrom('account').select('parked_reason').where('id', '=', ref.accountId)
  expect((await account.executeTakeFirstOrThrow()).parked_reason).toContain('cannot be booked: conflict')
  await expect(charge(ref)).rejects.toMatchObject({ detail: { also: ['account_parked'] } })
})

test('after all of this the books are right', async () => {
  expect(await auditMoney(app.db)).toEqual([])
})
