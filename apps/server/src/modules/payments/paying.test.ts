import { contract } from '@innkeeper/contract'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { send } from '../../../test/gates/send.ts'
import { type PaymentsApp, paymentsApp } from '../../../test/payments.ts'
import type { App, InvoiceRef } from '../../context.ts'
import { createHttp } from '../../http/app.ts'
import { userApi } from '../../http/user-api.ts'
import { asSystem } from '../../operator.ts'
import { ownerPrivileges } from '../../privileges.ts'
import { addCredit, auditMoney, issueCreditNote } from '../billing/index.ts'
import { paymentExtensions, refundThroughGateway } from './index.ts'
import { resumeRefund } from './refund-through-gateway.ts'

let app: PaymentsApp
let server: FastifyInstance
beforeAll(async () => {
  app = await paymentsApp()
  const implementations = Object.entries(paymentExtensions).map(([name, handle]) => ({
    operation: contract.extensions[name as keyof typeof paymentExtensions] as never, // of narrower types
    handle: handle as never, // of narrower types
  }))
  // Whoever calls is the owner of the account that the token names: sign-in has tests of its own.
  const authenticate = async ({ authorization }: { authorization: string | undefined }) => ({
    ...{ accountId: authorization?.replace('Bearer ', '') ?? '', profileId: '1', email: 'ada@example.com' },
    ...{ owner: true, privileges: ownerPrivileges, via: 'session' as const },
  })
  server = createHttp(app, [userApi(app, implementations, authenticate)])
})
afterAll(async () => {
  await server.close()
  await app.close()
})

const pay = (ref: InvoiceRef, fields: object = {}) =>
  send(server, contract.extensions.payInvoice, { id: ref.id, ...fields }, ref.accountId)

describe('paying an invoice', () => {
  test('by transfer says what to write, with a reference of its own', async () => {
    const ref = await app.debtor('none')
    const { json } = await pay(ref, { pay_method: app.methods.bank })
    expect(json).toMatchObject({
      success: true,
      invoice_status: 'Unpaid',
      transfer: { reference: expect.stringMatching(/^RF\d\d /), amount: '24.80', currency: 'EUR' },
    })
  })

  test('by credit says what it paid and what it left due', async () => {
    const ref = await app.debtor('none')
    const give = (amountMinor: bigint, key: string) => {
      const credit = { accountId: ref.accountId, amountMinor, currency: 'EUR', key, description: 'A present' }
      return app.run((ctx, tx) => addCredit(ctx, tx, credit))
    }
    const byCredit = async () => (await pay(ref, { pay_method: app.methods.credit })).json
    expect(await byCredit()).toMatchObject({ error: ['insufficient_credit'] })
    await give(1000n, `a present to ${ref.accountId}`)
    expect(await byCredit()).toEqual({
      ...{ success: true, invoice_status: 'Unpaid' },
      credit: { applied: '10.00', due: '14.80', currency: 'EUR' },
    })
    await give(5000n, `another present to ${ref.accountId}`)
    expect(await byCredit()).toMatchObject({ invoice_status: 'Paid', credit: { applied: '14.80', due: '0.00' } })
  })

  test('by card opens a page, and the next time charges the card that was kept', async () => {
    const ref = await app.debtor('none')
    const first = await pay(ref, {
      pay_method: app.methods.stripe,
      save_card: true,
      return_url: 'https://example.com/a',
    })
    expect(first.json).toMatchObject({ invoice_status: 'Unpaid', url: expect.stringContaining('https://') })
    const session = app.stripe.object(String(first.json.url).split('/').at(-1) ?? '', 'checkout.session')
    expect(session.success_url).toBe('https://example.com/a')
    const second = await app.debtor()
    expect((await pay(second, { pay_method: app.methods.stripe })).json).toEqual({
      success: true,
      invoice_status: 'Paid',
    })
  })

  test('by a card that is declined opens a page after all', async () => {
    const ref = await app.debtor('pm_card_authenticationRequired')
    const { json } = await pay(ref, { pay_method: app.methods.stripe })
    expect(json).toMatchObject({ invoice_status: 'Unpaid', url: expect.stringContaining('https://') })
  })

  test('twenty times at once takes the money once', async () => {
    const ref = await app.debtor()
    const before = app.stripe.captured().length
    const answers = await Promise.all(Array.from({ length: 20 }, () => pay(ref, { pay_method: app.methods.stripe })))
    expect(app.stripe.captured().length - before).toBe(1)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]))
    expect(await app.booked(ref)).toEqual(['payment 2480'])
  })

  test('with the same Idempotency-Key answers the same, and charges once', async () => {
    const ref = await app.debtor()
    const headers = { authorization: `Bearer ${ref.accountId}`, 'idempotency-key': 'pay-invoice-once' }
    const once = () =>
      server.inject({
        method: 'POST',
        url: `/api/invoice/${ref.id}/pay`,
        headers,
        payload: { pay_method: app.methods.stripe },
      })
    const first = await once()
    expect(first.json()).toEqual({ success: true, invoice_status: 'Paid' })
    expect((await once()).body).toBe(first.body)
    expect(await app.booked(ref)).toEqual(['payment 2480'])
  })

  test.each([
    ['pay_method', { pay_method: '999999' }],
    ['pay_method', { pay_method: 'card' }],
    ['return_url', { return_url: 'javascript:alert(1)' }],
    ['return_url', { return_url: '/relative' }],
  ])('refuses a bad %s by its name, and nothing happens', async (field, fields) => {
    const ref = await app.debtor('none')
    const calls = app.stripe.calls.length
    const { status, json } = await pay(ref, { pay_method: app.methods.stripe, ...fields })
    expect({ status, fields: Object.keys(json.fields ?? {}) }).toEqual({ status: 422, fields: [field] })
    expect(app.stripe.calls.length).toBe(calls)
  })

  test('says that there is no way to pay where there is none, and not that one is to be named', async () => {
    const ref = await app.debtor('none')
    const all = app.db.updateTable('payment_method')
    await all.set({ retired_at: app.clock.now() }).execute()
    for (const fields of [{}, { pay_method: app.methods.stripe }]) {
      const { status, json } = await pay(ref, fields)
      expect({ status, json }).toEqual({
        status: 409,
        json: { success: false, error: ['conflict', 'no_payment_methods'] },
      })
    }
    await all.set({ retired_at: null }).execute()
  })

  test('refuses one that is paid, and does not know one of another account', async () => {
    const ref = await app.debtor()
    await pay(ref, { pay_method: app.methods.stripe })
    expect((await pay(ref, { pay_method: app.methods.stripe })).json.error).toEqual(['conflict', 'Paid'])
    const stranger = await app.debtor()
    expect((await pay({ ...ref, accountId: stranger.accountId })).status).toBe(404)
  })

  test('without an answer of the gateway says that it is under way', async () => {
    const ref = await app.debtor()
    app.stripe.mishap(/confirm$/, 'late')
    const answer = await pay(ref, { pay_method: app.methods.stripe })
    expect({ status: answer.status, error: answer.json.error }).toEqual({ status: 409, error: ['payment_in_progress'] })
  })
})

describe('a kept card', () => {
  const list = async ({ accountId }: InvoiceRef) =>
    (await send(server, contract.extensions.listCards, {}, accountId)).json.cards as { id: string }[]

  test('is shown to its owner, is removed by them only, and is never charged again', async () => {
    const ref = await app.debtor()
    const stranger = await app.debtor('none')
    const [card] = await list(ref)
    expect(card).toMatchObject({ last4: '4242', pay_method: app.methods.stripe })
    const remove = (who: InvoiceRef) => send(server, contract.extensions.deleteCard, { id: card?.id }, who.accountId)
    expect((await remove(stranger)).status).toBe(404)
    expect((await remove(ref)).status).toBe(200)
    expect((await remove(ref)).status).toBe(404)
    expect(await list(ref)).toEqual([])
    expect((await pay(ref, { pay_method: app.methods.stripe })).json).toHaveProperty('url')
  })
})

describe('giving a payment back', () => {
  async function paid() {
    const ref = await app.debtor()
    await pay(ref, { pay_method: app.methods.stripe })
    const payment = await app.db
      .selectFrom('payment')
      .select(['id', 'external_id'])
      .where('invoice_id', '=', ref.id)
      .executeTakeFirstOrThrow()
    return { ref, paymentId: payment.id, externalId: payment.external_id }
  }
  const refund = async (paymentId: string, amountMinor: bigint) =>
    (await app.act(ctx => refundThroughGateway(ctx, { paymentId, amountMinor }))).state

  test('goes through the gateway that it came in by, in parts', async () => {
    const { ref, paymentId } = await paid()
    expect(await refund(paymentId, 1000n)).toBe('refunded')
    expect(await app.status(ref)).toBe('Paid')
    expect(await refund(paymentId, 1480n)).toBe('refunded')
    expect(await app.status(ref)).toBe('Refunded')
    expect(await app.booked(ref)).toEqual(['payment 2480', 'refund 1000', 'refund 1480'])
  })

  test('is never more than was paid, however many ask at the same time', async () => {
    const { ref, paymentId } = await paid()
    await Promise.allSettled(Array.from({ length: 8 }, () => refund(paymentId, 2000n)))
    expect(await app.booked(ref)).toEqual(['payment 2480', 'refund 2000'])
    const calls = app.stripe.calls.length
    await expect(refund(paymentId, 481n)).rejects.toMatchObject({ code: 'field_format_error' })
    expect(app.stripe.calls.length).toBe(calls)
  })

  test('whose answer is lost is found out about, and given back once', async () => {
    const { ref, paymentId, externalId } = await paid()
    app.stripe.mishap(/^POST refunds$/, 'late')
    expect(await refund(paymentId, 1000n)).toBe('unknown')
    await expect(refund(paymentId, 1000n)).rejects.toMatchObject({ code: 'payment_in_progress' })
    const open = await app.db.selectFrom('refund_attempt').select('id').where('state', '=', 'open').execute()
    for (let tries = 0; tries < 2; tries++) {
      for (const { id } of open) await app.act(ctx => resumeRefund(ctx, id)).catch(() => {})
    }
    expect(await app.booked(ref)).toEqual(['payment 2480', 'refund 1000'])
    const intent = app.stripe.object(externalId, 'payment_intent')
    expect(app.stripe.object(String(intent.latest_charge), 'charge').amount_refunded).toBe(1000)
  })

  /** The gateway, with something that happens once it has given money back. */
  function afterRefund(happens: () => Promise<unknown>): App {
    const gateway = app.gateways.get('stripe')
    if (gateway === undefined) throw new Error('no gateway')
    const refund: typeof gateway.refund = async (...asked) => {
      const made = await gateway.refund(...asked)
      await happens()
      return made
    }
    return { ...app, gateways: new Map([['stripe', { ...gateway, refund }]]) }
  }

  test('is done once for a key, although the process died before it was booked', async () => {
    const { ref, paymentId } = await paid()
    const keyed = (on: App, amountMinor?: bigint, idempotencyKey = 'staff:1 give-it-back') =>
      asSystem(on, ctx => refundThroughGateway({ ...ctx, idempotencyKey }, { paymentId, amountMinor }))
    const dying = afterRefund(() => Promise.reject(new Error('killed')))
    await expect(keyed(dying, 1000n)).rejects.toThrow('killed')
    const done = { state: 'refunded', amountMinor: 1000n }
    expect([await keyed(app, 1000n), await keyed(app, 1000n), await keyed(app)]).toEqual([done, done, done])
    await expect(keyed(app, 999n)).rejects.toMatchObject({ code: 'idempotency_key_reused' })
    expect(await app.booked(ref)).toEqual(['payment 2480', 'refund 1000'])
    expect(await keyed(app, 1000n, 'staff:2 give-it-back')).toEqual(done)
    expect(await app.booked(ref)).toEqual(['payment 2480', 'refund 1000', 'refund 1000'])
  })

  test('is on the trail of whoever ordered it, before money moves', async () => {
    const { ref, paymentId } = await paid()
    const dying = afterRefund(() => Promise.reject(new Error('killed')))
    const by = { name: 'grace@example.com' }
    const ordered = asSystem(dying, ctx => refundThroughGateway({ ...ctx, by }, { paymentId }))
    await expect(ordered).rejects.toThrow('killed')
    const trail = app.db.selectFrom('audit').select(['event', 'actor']).where('account_id', '=', ref.accountId)
    expect(await trail.where('event', 'like', 'refund.%').execute()).toEqual([
      { event: 'refund.order', actor: by.name },
    ])
  })

  test('that the gateway refuses is on the trail too', async () => {
    const { ref, paymentId, externalId } = await paid()
    app.stripe.money.refund(app.stripe.object(externalId, 'payment_intent'), 2480, {})
    await expect(refund(paymentId, 1000n)).rejects.toMatchObject({ kind: 'refused' })
    const trail = app.db.selectFrom('audit').select('event').where('account_id', '=', ref.accountId)
    expect(await trail.where('event', 'like', 'refund.%').orderBy('id').execute()).toEqual([
      { event: 'refund.order' },
      { event: 'refund.fail' },
    ])
  })

  test('parks the account where a credit note was faster, as the money has gone', async () => {
    const { ref, paymentId } = await paid()
    const note = { invoiceId: ref.id, lines: 'all', payOut: 'credit', reason: 'not delivered' } as const
    const late = afterRefund(() => app.run((ctx, tx) => issueCreditNote(ctx, tx, note)))
    await asSystem(late, ctx => refundThroughGateway(ctx, { paymentId }))
    expect(await app.booked(ref)).toEqual(['payment 2480'])
    const account = app.db.selectFrom('account').select('parked_reason').where('id', '=', ref.accountId)
    expect((await account.executeTakeFirstOrThrow()).parked_reason).toContain('cannot be booked')
    const open = app.db.selectFrom('refund_attempt').select('id').where('payment_id', '=', paymentId)
    expect(await open.where('state', '=', 'open').execute()).toEqual([])
  })
})

test('after all of this the books are right', async () => {
  expect(await auditMoney(app.db)).toEqual([])
})
