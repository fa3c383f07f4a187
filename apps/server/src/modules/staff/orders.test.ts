import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signUp } from '../../../test/buyer.ts'
import { type FullServer, fullServer } from '../../../test/full-server.ts'
import { openShop, type Shop } from '../../../test/shop.ts'
import { signInStaff, staffCall } from '../../../test/staff.ts'
import { addCredit } from '../billing/index.ts'
import { countReturns } from '../catalog/index.ts'

let full: FullServer
let token: string
let product: string
let method: string
let shop: Shop
beforeAll(async () => {
  full = await fullServer()
  token = (await signInStaff(full.app, full.server, 'support')).token
  shop = await openShop(full.app)
  method = await shop.method({})
  product = await shop.product({ prices: { m: [1000] }, more: { provisioner: 'manual', stock: 100 } })
})
afterAll(() => full.close())

const get = async (path: string) => (await staffCall(full.server, 'GET', path, { token })).json
const post = (path: string, body: object = {}) => staffCall(full.server, 'POST', path, { token, body })
const newOrder = async () => {
  const buyer = await signUp(full)
  await buyer.post(`/order/${product}`, { cycle: 'm', pay_method: method })
  const { orders } = await get(`/orders?client_id=${buyer.accountId}`)
  return { id: String(orders[0].id), clientId: buyer.accountId, invoiceId: String(orders[0].invoice_id) }
}
const stock = async () =>
  (await full.app.db.selectFrom('product').select('stock').where('id', '=', product).executeTakeFirstOrThrow()).stock

test('an accepted order is made although it is not paid, and waits for hands until somebody says it is done', async () => {
  const { id, clientId } = await newOrder()
  expect((await post(`/orders/${id}/accept`)).json.status).toBe('Active')
  const [service] = (await get(`/services?client_id=${clientId}&provisioning=queued`)).services
  expect(service).toMatchObject({ status: 'Pending', provisioning: 'queued', price: '10.00', currency: 'EUR' })
  const done = await post(`/services/${service.id}/provisioned`, { username: 'ada', external_id: 'vm-7' })
  expect(done.json).toMatchObject({ status: 'Active', provisioning: 'done' })
  expect((await get(`/services/${service.id}`)).service).toMatchObject({ username: 'ada', external_id: 'vm-7' })
  expect((await post(`/services/${service.id}/provisioned`)).status).toBe(409)
})

test('an order that is paid and waits for the staff stands among those that wait for them, until it is accepted', async () => {
  const more = { provisioner: 'manual', provision_on: 'manual' }
  const byHand = await shop.product({ prices: { m: [1000] }, more })
  const buyer = await signUp(full)
  const credit = await shop.method({ driver: 'credit' })
  const { accountId } = buyer
  const gift = { accountId, amountMinor: 1000n, currency: 'EUR', key: accountId, description: 'Paid in' }
  await buyer.run(async ctx => addCredit(ctx, await ctx.begin(), gift))
  await buyer.post(`/order/${byHand}`, { cycle: 'm', pay_method: credit })
  await buyer.post(`/order/${byHand}`, { cycle: 'm', pay_method: method })
  const waiting = async (who: string) => (await get(`/orders?client_id=${accountId}&waits_for=${who}`)).orders
  const [paid] = await waiting('staff')
  const [open] = await waiting('payment')
  expect([paid, open]).toMatchObject([
    { status: 'Pending', waits_for: 'staff' },
    { status: 'Pending', waits_for: 'payment' },
  ])
  expect(Number(paid.id)).toBeLessThan(Number(open.id))
  expect((await post(`/orders/${paid.id}/accept`)).json.status).toBe('Active')
  expect(await waiting('staff')).toEqual([])
  expect((await get(`/orders/${paid.id}`)).order).toMatchObject({ status: 'Active', waits_for: null })
})

test('a cancelled order voids its invoice and gives the stock back', async () => {
  const before = await stock()
  const { id, invoiceId } = await newOrder()
  expect((await post(`/orders/${id}/cancel`, { reason: 'out of stock' })).json.status).toBe('Cancelled')
  expect((await get(`/invoices/${invoiceId}`)).invoice.status).toBe('Cancelled')
  await countReturns(full.app)
  expect(await stock()).toBe(before)
  expect((await post(`/orders/${id}/accept`)).json.error).toEqual(['conflict', 'Cancelled'])
})

test('of an acceptance and a cancellation at the same moment one wins, and the services agree with it', async () => {
  const { id } = await newOrder()
  const answers = await Promise.all([post(`/orders/${id}/accept`), post(`/orders/${id}/cancel`, { reason: 'x' })])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  const { order } = await get(`/orders/${id}`)
  expect(order.services.map(({ status }: { status: string }) => status)).toEqual([
    order.status === 'Active' ? 'Pending' : 'Cancelled',
  ])
})

test('what was chosen stands with its order and its service, in the words of the form', async () => {
  const form = await shop.product({ prices: { m: [1000] }, more: { provisioner: 'manual' } })
  const field = (title: string, type: 'select' | 'qty' | 'input', items: number, position: number) =>
    shop.field(form, {
      type,
      items: Array.from({ length: items }, () => ({ m: [0] as const })),
      more: { title, position },
    })
  const disk = await field('Disk', 'select', 2, 1)
  const mailboxes = await field('Mailboxes', 'qty', 1, 2)
  const note = await field('Note', 'input', 1, 3)
  for (const [id, title] of [
    [disk.items[1], '50 GB'],
    [mailboxes.items[0], 'Mailbox'],
    [note.items[0], 'Text'],
  ])
    await full.app.db
      .updateTable('form_item')
      .set({ title })
      .where('id', '=', id ?? '')
      .execute()
  const buyer = await signUp(full)
  const custom = { [disk.id]: disk.items[1], [mailboxes.id]: 3, [note.id]: 'zaphod42' }
  const placed = await buyer.post(`/order/${form}`, { cycle: 'm', pay_method: method, custom })
  expect(placed.status, placed.text).toBe(200)
  const choices = [
    { field: 'Disk', item: '50 GB', quantity: 1, text: null },
    { field: 'Mailboxes', item: 'Mailbox', quantity: 3, text: null },
    { field: 'Note', item: 'Text', quantity: null, text: 'zaphod42' },
  ]
  const [{ id }] = (await get(`/orders?client_id=${buyer.accountId}`)).orders
  const [service] = (await get(`/orders/${id}`)).order.services
  expect(service.choices).toEqual(choices)
  expect((await get(`/services/${service.id}`)).service.choices).toEqual(choices)
})

describe('a service', () => {
  const running = async () => {
    const { id } = await newOrder()
    await post(`/orders/${id}/accept`)
    const serviceId = String((await get(`/orders/${id}`)).order.services[0].id)
    await post(`/services/${serviceId}/provisioned`)
    return serviceId
  }

  test('is suspended and started again, each once', async () => {
    const id = await running()
    expect((await post(`/services/${id}/unsuspend`)).status).toBe(409)
    expect((await post(`/services/${id}/suspend`)).json).toMatchObject({ status: 'Suspended', provisioning: 'queued' })
    expect((await get(`/services/${id}`)).service.suspend_reason).toBe('staff')
    expect((await post(`/services/${id}/suspend`)).status).toBe(409)
    expect((await post(`/services/${id}/unsuspend`)).json.status).toBe('Active')
  })

  test('that is overdue stays suspended when the staff says so', async () => {
    const id = await running()
    const overdue = { status: 'Suspended', suspend_reason: 'overdue', suspended_at: full.app.clock.now() }
    await full.app.db.updateTable('service').set(overdue).where('id', '=', id).execute()
    expect((await post(`/services/${id}/suspend`)).json.status).toBe('Suspended')
    expect((await get(`/services/${id}`)).service.suspend_reason).toBe('staff')
  })

  test('is ended for good', async () => {
    const id = await running()
    expect((await post(`/services/${id}/terminate`, { reason: 'abuse' })).json.status).toBe('Terminated')
    expect((await post(`/services/${id}/suspend`)).status).toBe(409)
    const { audit } = (
      await staffCall(full.server, 'GET', '/audit?event=service.terminate', {
        token: (await signInStaff(full.app, full.server, 'readonly')).token,
      })
    ).json
    expect(audit[0]).toMatchObject({ description: expect.stringContaining('abuse'), staff_id: expect.any(String) })
  })
})
