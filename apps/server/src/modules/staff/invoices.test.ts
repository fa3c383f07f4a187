import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FullServer, fullServer } from '../../../test/full-server.ts'
import { seedAccount } from '../../../test/seed.ts'
import { signInStaff, staffCall } from '../../../test/staff.ts'
import { defaultConfig } from '../../config.ts'

let full: FullServer
let token: string
let clientId: string
beforeAll(async () => {
  full = await fullServer()
  token = (await signInStaff(full.app, full.server, 'owner')).token
  clientId = (await seedAccount(full.app)).accountId
})
afterAll(() => full.close())

const get = async (path: string) => (await staffCall(full.server, 'GET', path, { token })).json
const post = (path: string, body: object = {}) => staffCall(full.server, 'POST', path, { token, body })
const lines = [
  { description: 'Moving a server', quantity: 2, unit_price: '10.00' },
  { description: 'A cable', unit_price: '3.33', taxed: false },
]
const newDraft = async (body: object = {}): Promise<string> =>
  (await post('/invoices', { client_id: clientId, lines, ...body })).json.invoice.id
const newInvoice = async () => {
  const id = await newDraft()
  await post(`/invoices/${id}/finalise`)
  return id
}

test('a draft has its lines and no number, and is owed by nobody', async () => {
  const { invoice } = await get(`/invoices/${await newDraft({ due_on: '2027-01-31', notes: 'as agreed' })}`)
  expect(invoice).toMatchObject({
    ...{ status: 'Draft', number: null, subtotal: '23.33', due: '0.00', due_on: '2027-01-31', notes: 'as agreed' },
    lines: [
      { description: 'Moving a server', quantity: '2', unit_price: '10.00', amount: '20.00', taxed: true },
      { description: 'A cable', quantity: '1', unit_price: '3.33', amount: '3.33', taxed: false },
    ],
  })
  expect(Number(invoice.subtotal) + Number(invoice.tax)).toBeCloseTo(Number(invoice.total))
})

test('finalised, it has a number and is owed; then it is voided and not deleted', async () => {
  const id = await newInvoice()
  const { invoice } = await get(`/invoices/${id}`)
  expect(invoice).toMatchObject({ status: 'Unpaid', number: expect.any(String), due: invoice.total })
  expect((await staffCall(full.server, 'DELETE', `/invoices/${id}`, { token })).status).toBe(409)
  expect((await post(`/invoices/${id}/void`, { reason: 'twice' })).json).toMatchObject({
    ...{ status: 'Cancelled', due: '0.00' },
  })
  expect((await get(`/invoices/${id}`)).invoice.credit_note_ids).toHaveLength(1)
})

test('a draft whose buyer is taxed otherwise by now is not finalised', async () => {
  const seller = { ...defaultConfig('').seller, country: 'EE', vatNumber: 'EE100000001' }
  const taxing = await fullServer({ seller })
  try {
    const { accountId } = await seedAccount(taxing.app)
    const { token: owner } = await signInStaff(taxing.app, taxing.server, 'owner')
    const ask = async (path: string, body: object = {}) =>
      (await staffCall(taxing.server, 'POST', path, { token: owner, body })).json
    const { id } = (await ask('/invoices', { client_id: accountId, lines })).invoice
    const exempt = (tax_exempt: boolean) =>
      taxing.app.db.updateTable('account').set({ tax_exempt }).where('id', '=', accountId).execute()
    await exempt(true)
    expect((await ask(`/invoices/${id}/finalise`)).error).toEqual(['conflict', 'tax_changed'])
    await exempt(false)
    expect(await ask(`/invoices/${id}/finalise`)).toMatchObject({ status: 'Unpaid' })
  } finally {
    await taxing.close()
  }
})

test('a draft that is deleted is gone', async () => {
  const id = await newDraft()
  await staffCall(full.server, 'DELETE', `/invoices/${id}`, { token })
  expect((await staffCall(full.server, 'GET', `/invoices/${id}`, { token })).status).toBe(404)
})

describe('a payment by hand', () => {
  test('closes the invoice, and what is over becomes credit', async () => {
    const id = await newInvoice()
    const { total } = (await get(`/invoices/${id}`)).invoice
    const paid = await post(`/invoices/${id}/paid`, { amount: String(Number(total) + 1) })
    expect(paid.json).toMatchObject({ status: 'Paid', due: '0.00', applied: total, credited: '1.00' })
  })

  test('is booked once for a reference', async () => {
    const id = await newDraft({ client_id: (await seedAccount(full.app)).accountId })
    await post(`/invoices/${id}/finalise`)
    const body = { amount: '5.00', reference: `cash-${id}` }
    const [first, second] = [await post(`/invoices/${id}/paid`, body), await post(`/invoices/${id}/paid`, body)]
    expect(second.json.payment_id).toBe(first.json.payment_id)
    expect([first.json.repeated, second.json.repeated, second.json.info]).toEqual([false, true, ['payment_known']])
    const another = await post(`/invoices/${id}/paid`, { ...body, amount: '6.00' })
    expect(another.json.error).toEqual(['conflict', 'reference_of_another_payment'])
    expect((await get(`/invoices/${id}`)).invoice.paid).toBe('5.00')
  })

  test('pays several invoices by one reference', async () => {
    const client_id = (await seedAccount(full.app)).accountId
    for (const id of [await newDraft({ client_id }), await newDraft({ client_id })]) {
      await post(`/invoices/${id}/finalise`)
      const { json } = await post(`/invoices/${id}/paid`, { reference: 'cheque-7' })
      expect(json).toMatchObject({ status: 'Paid', repeated: false })
    }
  })

  test('is refused for an amount that is none, and where nothing is due', async () => {
    const id = await newInvoice()
    for (const amount of ['0', '0.00', '1.001', '-1', 'much'])
      expect((await post(`/invoices/${id}/paid`, { amount })).status, amount).toBe(422)
    for (const paid_at of ['2100-01-01', new Date(Date.now() + 48 * 3_600_000).toISOString()])
      expect(await post(`/invoices/${id}/paid`, { paid_at })).toMatchObject({
        ...{ status: 422, json: { error: ['field_format_error', 'paid_at'] } },
      })
    await post(`/invoices/${id}/paid`)
    expect((await post(`/invoices/${id}/paid`)).json.error).toEqual(['conflict', 'Paid'])
  })
})

test('a credit note takes off net amounts of lines with their taxes, and is a document of its own', async () => {
  const id = await newInvoice()
  const { invoice } = await get(`/invoices/${id}`)
  const body = { reason: 'one too many', lines: [{ line_id: invoice.lines[0].id, net: '10.00' }] }
  const { json } = await post(`/invoices/${id}/creditnote`, body)
  expect(json).toMatchObject({ status: 'Unpaid', credit_note_number: expect.any(String) })
  const note = (await get(`/invoices/${json.credit_note_id}`)).invoice
  expect(note).toMatchObject({ kind: 'credit_note', corrects_id: id, subtotal: '10.00', total: json.total })
  const tooMuch = { ...body, lines: [{ line_id: invoice.lines[0].id, net: '10.01' }] }
  expect((await post(`/invoices/${id}/creditnote`, tooMuch)).json.fields).toEqual({ lines: ['field_format_error'] })
})

test('invoices are listed by client, state and day', async () => {
  const other = (await seedAccount(full.app)).accountId
  const id = await newDraft({ client_id: other })
  expect((await get(`/invoices?client_id=${other}`)).invoices).toMatchObject([{ id, client_id: other }])
  expect((await get(`/invoices?client_id=${other}&status=Paid`)).invoices).toEqual([])
  const { issued_on } = (await get(`/invoices/${id}`)).invoice
  expect((await get(`/invoices?client_id=${other}&issued_from=${issued_on}`)).invoices).toHaveLength(1)
  expect((await get(`/invoices?client_id=${other}&issued_until=2020-02-29`)).invoices).toEqual([])
  const noDay = await staffCall(full.server, 'GET', '/invoices?issued_from=2026-02-30', { token })
  expect([noDay.status, noDay.json.fields]).toEqual([422, { issued_from: ['field_format_error'] }])
})

test('an amount finer than the currency, and a line without words, are refused by line and field', async () => {
  for (const [line, field, code] of [
    [{ description: 'x', unit_price: '1.001' }, 'unit_price', 'field_format_error'],
    [{ description: ' ', unit_price: '1.00' }, 'description', 'field_empty_error'],
    [{ description: 'x', unit_price: '1.00', quantity: 0 }, 'quantity', 'field_format_error'],
    [{ description: 'x', unit_price: '1.00', quantity: 1.5 }, 'quantity', 'field_format_error'],
    [{ description: 'x', unit_price: '-1.00' }, 'unit_price', 'field_format_error'],
  ] as const) {
    const { status, json } = await post('/invoices', { client_id: clientId, lines: [...lines, line] })
    expect([status, json.fields], JSON.stringify(line)).toEqual([422, { [`lines[2][${field}]`]: [code] }])
  }
  expect((await post('/invoices', { client_id: '999999', lines })).status).toBe(404)
})

test('what was given back of a paid invoice stands beside what was paid', async () => {
  const id = await newInvoice()
  const { payment_id: payment } = (await post(`/invoices/${id}/paid`)).json
  const { invoice: paid } = await get(`/invoices/${id}`)
  expect(paid).toMatchObject({ status: 'Paid', paid: paid.total, refunded: '0.00', due: '0.00' })
  expect((await post(`/payments/${payment}/refund`, { to: 'credit', amount: '10.00' })).status).toBe(200)
  expect((await get(`/invoices/${id}`)).invoice).toMatchObject({ paid: paid.total, refunded: '10.00', due: '0.00' })
})
