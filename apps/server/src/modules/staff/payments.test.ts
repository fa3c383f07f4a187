import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type PaymentsApp, paymentsApp } from '../../../test/payments.ts'
import { signInStaff, staffCall } from '../../../test/staff.ts'
import { runSql } from '../../db/database.ts'
import { createHttp } from '../../http/app.ts'
import { surfacesOf } from '../../surfaces.ts'
import { recordPayment } from '../billing/index.ts'
import { chargeInvoice } from '../payments/index.ts'
import { openSessions } from '../sessions/index.ts'

let app: PaymentsApp
let server: FastifyInstance
let token: string
beforeAll(async () => {
  app = await paymentsApp()
  server = createHttp(app, surfacesOf(app, await openSessions(app)))
  token = (await signInStaff(app, server, 'billing')).token
})
afterAll(async () => {
  await server.close()
  await app.close()
})

const get = async (path: string) => (await staffCall(server, 'GET', path, { token })).json
const post = (path: string, body: object = {}) => staffCall(server, 'POST', path, { token, body })
/** An invoice that was paid by card, with its payment. */
const paidByCard = async () => {
  const ref = await app.debtor()
  await app.act(ctx => chargeInvoice(ctx, ref))
  const [payment] = (await get(`/payments?invoice_id=${ref.id}`)).payments
  return { ref, paymentId: String(payment.id) }
}

describe('a payment by card', () => {
  test('is given back through the gateway, in parts and never more than it was', async () => {
    const { ref, paymentId } = await paidByCard()
    const part = await post(`/payments/${paymentId}/refund`, { to: 'gateway', amount: '10.00', note: 'half a month' })
    expect(part.json).toMatchObject({ state: 'refunded', refunded: '10.00', invoice_status: 'Paid' })
    expect((await post(`/payments/${paymentId}/refund`, { to: 'gateway', amount: '14.81' })).status).toBe(422)
    const rest = await post(`/payments/${paymentId}/refund`, { to: 'gateway' })
    expect(rest.json).toMatchObject({ refunded: '14.80', invoice_status: 'Refunded' })
    expect(await app.booked(ref)).toEqual(['payment 2480', 'refund 1000', 'refund 1480'])
    expect((await post(`/payments/${paymentId}/refund`, { to: 'gateway' })).json.error).toEqual([
      'conflict',
      'refunded_already',
    ])
  })

  test('is given back once for an Idempotency-Key, even if the answer was lost', async () => {
    const { ref, paymentId } = await paidByCard()
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': 'half' }
    const payload = { to: 'gateway', amount: '12.40' }
    const url = `/admin/api/payments/${paymentId}/refund`
    const once = async () => (await server.inject({ method: 'POST', url, headers, payload })).json()
    const first = await once()
    await app.db.deleteFrom('idempotent_answer').execute()
    expect([await once(), first.refunded]).toEqual([first, '12.40'])
    expect(await app.booked(ref)).toEqual(['payment 2480', 'refund 1240'])
  })

  test('becomes credit, and the gateway keeps it', async () => {
    const { ref, paymentId } = await paidByCard()
    expect((await post(`/payments/${paymentId}/refund`, { to: 'credit' })).json.invoice_status).toBe('Refunded')
    expect((await get(`/clients/${ref.accountId}`)).client.credit).toBe('24.80')
  })
})

test('an invoice is refunded with all its payments', async () => {
  const ref = await app.debtor('none')
  await post(`/invoices/${ref.id}/paid`, { amount: '4.80' })
  await post(`/invoices/${ref.id}/paid`, { amount: '20.00' })
  const { json } = await post(`/invoices/${ref.id}/refund`, { to: 'gateway' })
  expect(json).toMatchObject({ status: 'Refunded', refunded: '24.80', state: 'refunded' })
  expect((await post(`/invoices/${ref.id}/refund`, { to: 'gateway' })).json.error).toEqual([
    'conflict',
    'nothing_to_refund',
  ])
})

test('an invoice whose refund could not be delivered is refunded again, by the payment that it was of', async () => {
  const { ref, paymentId } = await paidByCard()
  await post(`/invoices/${ref.id}/refund`, { to: 'gateway' })
  const [{ reference: externalId }] = (await get(`/payments?invoice_id=${ref.id}`)).payments
  app.stripe.money.failRefund(app.stripe.object(externalId, 'refund'))
  const money = { methodId: null, gateway: 'stripe', externalId, amountMinor: 2480n, currency: 'EUR', at: app.at.now() }
  const { accountId, id: invoiceId } = ref
  await app.run((ctx, tx) => recordPayment(ctx, tx, { accountId, invoiceId, returnsId: paymentId, ...money }))
  const [back] = (await get(`/payments?invoice_id=${ref.id}`)).payments
  expect(back).toMatchObject({ kind: 'payment', amount: '24.80', returns_id: paymentId })
  const alone = await post(`/payments/${back.id}/refund`, { to: 'gateway' })
  expect(alone.json.error).toEqual(['conflict', 'returns_another_payment'])
  const again = await post(`/invoices/${ref.id}/refund`, { to: 'gateway' })
  expect(again.json).toMatchObject({ refunded: '24.80', state: 'refunded' })
  expect(await app.booked(ref)).toEqual(['payment 2480', 'refund 2480', 'payment 2480', 'refund 2480'])
})

describe('an invoice that was paid by hand and by card', () => {
  test('is refunded with both', async () => {
    const ref = await app.debtor()
    await post(`/invoices/${ref.id}/paid`, { amount: '4.80' })
    await app.act(ctx => chargeInvoice(ctx, ref))
    const { json } = await post(`/invoices/${ref.id}/refund`, { to: 'gateway' })
    expect(json).toMatchObject({ status: 'Refunded', refunded: '24.80', state: 'refunded' })
    expect(await app.booked(ref)).toEqual(['payment 480', 'payment 2000', 'refund 2000', 'refund 480'])
  })

  test('is not refunded at all where one of them cannot be', async () => {
    const { ref } = await paidByCard()
    await post(`/invoices/${ref.id}/paid`, { amount: '4.80' })
    const other = await app.invoice(ref.accountId)
    await post(`/invoices/${other.id}/credit`) // what was paid twice is spent
    const { json } = await post(`/invoices/${ref.id}/refund`, { to: 'gateway' })
    expect(json.error).toEqual(['insufficient_credit'])
    expect(await app.booked(ref)).toEqual(['payment 2480', 'payment 480'])
  })
})

describe('bank statements', () => {
  const statement = (...rows: string[]) => ['date,amount,currency,payer,reference', ...rows].join('\n')

  test('are imported, what nobody is known for is matched by hand, and importing again books nothing', async () => {
    const ref = await app.debtor('none')
    const source = statement('2026-01-21,24.80,EUR,Grace Hopper,for the server')
    const first = await post('/bank/import', { statement: source })
    expect(first.json.entries).toMatchObject([{ state: 'unmatched', amount: '24.80', payer: 'Grace Hopper' }])
    expect((await post('/bank/import', { statement: source })).json.entries[0].state).toBe('known')
    const [transaction] = (await get('/bank?state=unmatched')).transactions
    const matched = await post(`/bank/${transaction.id}/match`, { invoice_id: ref.id })
    expect(matched.json.transaction).toMatchObject({ state: 'matched', payment_id: expect.any(String) })
    expect((await get(`/invoices/${ref.id}`)).invoice.status).toBe('Paid')
    expect((await post(`/bank/${transaction.id}/match`, { invoice_id: ref.id })).status).toBe(409)
  })

  test('hold what is a client’s credit, and what is nobody’s', async () => {
    const { accountId, id: invoiceId } = await app.debtor('none')
    await post('/bank/import', {
      statement: statement('2026-01-22,7.00,EUR,Grace,in advance', '2026-01-22,9.00,EUR,Landlord,rent'),
    })
    const { transactions } = await get('/bank?state=unmatched')
    const [rent, advance] = transactions
    const stranger = (await app.debtor('none')).accountId
    const other = await post(`/bank/${advance.id}/match`, { client_id: stranger, invoice_id: invoiceId })
    expect(other.json.fields).toEqual({ client_id: ['field_format_error'] })
    expect((await post(`/bank/${advance.id}/match`)).json.fields).toEqual({ invoice_id: ['field_empty_error'] })
    await post(`/bank/${advance.id}/match`, { client_id: accountId })
    expect((await get(`/clients/${accountId}`)).client.credit).toBe('7.00')
    expect((await post(`/bank/${rent.id}/ignore`, { reason: 'rent' })).json.transaction.state).toBe('ignored')
    expect((await get('/bank?state=unmatched')).transactions).toEqual([])
  })

  test('hold no transaction open under an Idempotency-Key while their rows are booked one by one', async () => {
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': 'january' }
    const payload = { statement: statement('2026-01-23,7.00,EUR,Grace,again') }
    const importing = async () =>
      await server.inject({ method: 'POST', url: '/admin/api/bank/import', headers, payload })
    const sessions = async (state: string) =>
      (await runSql(app.db, `select from pg_stat_activity where datname = current_database() and ${state}`)).length
    const { answer, idle } = await app.db.transaction().execute(async tx => {
      await runSql(tx, 'lock table bank_transaction in exclusive mode')
      const answer = importing()
      await vi.waitFor(async () => expect(await sessions(`wait_event_type = 'Lock'`)).toBe(1))
      return { answer, idle: await sessions(`state = 'idle in transaction'`) }
    })
    expect(idle).toBe(1) // the one that has locked the table
    expect((await answer).json().entries).toMatchObject([{ state: 'unmatched' }])
    expect((await importing()).headers['idempotency-replayed']).toBe('true')
  })

  test('that cannot be read say where, and change nothing', async () => {
    const { status, json } = await post('/bank/import', {
      statement: statement('2026-01-21,x,EUR,Grace,y', '2100-01-01,1,EUR,Grace,y'),
    })
    expect([status, json.fields]).toEqual([422, { statement: ['field_format_error'] }])
    expect(json.error.slice(2)).toEqual(['row 2: "x" is no amount', 'row 3: 2100-01-01 is in the future'])
  })
})
