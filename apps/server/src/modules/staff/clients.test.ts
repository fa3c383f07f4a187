import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FullServer, fullServer } from '../../../test/full-server.ts'
import { seedAccount } from '../../../test/seed.ts'
import { signInStaff, staffCall } from '../../../test/staff.ts'

let full: FullServer
let token: string
beforeAll(async () => {
  full = await fullServer()
  token = (await signInStaff(full.app, full.server, 'owner')).token
  await full.app.db.insertInto('currency').values({ code: 'JPY', exponent: 0, rate: '165' }).execute()
})
afterAll(() => full.close())

const get = (path: string) => staffCall(full.server, 'GET', path, { token })
const post = (path: string, body: object) => staffCall(full.server, 'POST', path, { token, body })
const put = (path: string, body: object) => staffCall(full.server, 'PUT', path, { token, body })
const newClient = async (email?: string) => (await seedAccount(full.app, email)).accountId
const found = async (search: string) =>
  (await get(`/clients?search=${encodeURIComponent(search)}`)).json.clients.map((client: { id: string }) => client.id)

describe('clients are found', () => {
  test('by id, and by a part of address, name or company', async () => {
    const id = await newClient('grace.hopper@example.org')
    await full.app.db.updateTable('profile').set({ companyname: 'Cobol GmbH' }).where('account_id', '=', id).execute()
    expect(await found(id)).toEqual([id])
    expect(await found('HOPPER@')).toEqual([id])
    expect(await found('cobol')).toEqual([id])
    expect(await found('Ada Byron')).toContain(id)
  })

  test('by their text alone: the signs of patterns mean themselves', async () => {
    await newClient('plain@example.org')
    expect(await found('%')).toEqual([])
    expect(await found('pl_in@')).toEqual([])
    expect(await found('\\')).toEqual([])
  })
})

describe('the currency', () => {
  test('changes while there is no money, and then amounts have its decimals', async () => {
    const id = await newClient()
    expect((await put(`/clients/${id}`, { currency: 'JPY' })).json.client).toMatchObject({
      ...{ currency: 'JPY', balance: '0', credit: '0' },
    })
    expect((await post(`/clients/${id}/credit`, { amount: '1.5', description: 'half a yen' })).status).toBe(422)
    expect((await post(`/clients/${id}/credit`, { amount: '500', description: 'yen' })).json.credit).toBe('500')
  })

  test('stays once something was booked', async () => {
    const id = await newClient()
    await post(`/clients/${id}/credit`, { amount: '5.00', description: 'goodwill' })
    const { status, json } = await put(`/clients/${id}`, { currency: 'JPY' })
    expect([status, json.error]).toEqual([409, ['conflict', 'billed_already']])
    expect((await put(`/clients/${id}`, { currency: 'EUR', tax_exempt: true })).json.client.tax_exempt).toBe(true)
  })

  test('is one of the catalogue', async () => {
    const { status, json } = await put(`/clients/${await newClient()}`, { currency: 'XXX' })
    expect([status, json.fields]).toEqual([422, { currency: ['field_format_error'] }])
  })

  test('never changes between the look and the invoice: of both at once, one is refused or both agree', async () => {
    const id = await newClient()
    const lines = [{ description: 'x', unit_price: '1' }]
    await Promise.all([put(`/clients/${id}`, { currency: 'JPY' }), post('/invoices', { client_id: id, lines })])
    const { currency } = (await get(`/clients/${id}`)).json.client
    const invoices = (await get(`/invoices?client_id=${id}`)).json.invoices
    expect(invoices.map((invoice: { currency: string }) => invoice.currency)).toEqual([currency])
  })
})

test('credit pays by itself unless staff say otherwise, and what else was agreed stays', async () => {
  const id = await newClient()
  const terms = async (change: object) => {
    const { auto_apply_credit, tax_exempt, currency } = (await put(`/clients/${id}`, change)).json.client
    return [auto_apply_credit, tax_exempt, currency]
  }
  expect(await terms({ tax_exempt: true })).toEqual([true, true, 'EUR'])
  expect(await terms({ auto_apply_credit: false })).toEqual([false, true, 'EUR'])
  expect(await terms({ tax_exempt: false })).toEqual([false, false, 'EUR'])
})

test('credit is given and taken, never more than there is, and the audit trail says by whom', async () => {
  const id = await newClient()
  const given = await post(`/clients/${id}/credit`, { amount: '10.00', description: 'goodwill' })
  expect(given.json).toEqual({ success: true, credit: '10.00', currency: 'EUR', info: ['credit_added'] })
  const less = { amount: 4.5, description: 'too much', take: true }
  expect((await post(`/clients/${id}/credit`, less)).json).toEqual({
    ...{ success: true, credit: '5.50', currency: 'EUR', info: ['credit_taken'] },
  })
  const tooMuch = await post(`/clients/${id}/credit`, { ...less, amount: '5.51' })
  expect([tooMuch.status, tooMuch.json.error]).toEqual([409, ['insufficient_credit']])
  const { audit } = (await get(`/audit?client_id=${id}&event=credit.`)).json
  expect(audit).toHaveLength(2)
  expect(audit[0]).toMatchObject({ event: 'credit.add', client_id: id, staff_id: expect.any(String) })
})

test('a parked client is listed as such and billed nothing until let go on', async () => {
  const id = await newClient()
  const draft = () => post('/invoices', { client_id: id, lines: [{ description: 'x', unit_price: '1.00' }] })
  await post(`/clients/${id}/park`, { reason: 'disputed' })
  expect((await get('/clients?parked=1')).json.clients).toMatchObject([{ id, parked_reason: 'disputed' }])
  expect((await draft()).json.error).toEqual(['conflict', 'account_parked'])
  expect((await post(`/clients/${id}/park`, { reason: 'again' })).status).toBe(409)
  await post(`/clients/${id}/unpark`, {})
  expect((await draft()).status).toBe(200)
  expect((await post(`/clients/${id}/unpark`, {})).status).toBe(409)
})
