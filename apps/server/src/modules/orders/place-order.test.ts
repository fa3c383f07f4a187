import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Customer, signUp } from '../../../test/buyer.ts'
import { estonianShop } from '../../../test/estonian-shop.ts'
import { fullServer } from '../../../test/full-server.ts'
import { openShop } from '../../../test/shop.ts'
import { addCredit } from '../billing/index.ts'
import { insertOrders } from '../services/index.ts'

const { clock, full, ordersOf, servicesOf, shop } = await estonianShop()
afterAll(() => full.close())
let customer: Customer
let hosting: string
let disk: { id: string; items: string[] }
let address: string
let method: string
beforeAll(async () => {
  method = await shop.method({ name: 'Card', fixed_fees: '{"EUR":20}', percent_fee: '1.5' })
  hosting = await shop.product({ prices: { m: [2000], a: [22_000, 1000] }, more: { name: 'Web hosting M' } })
  disk = await shop.field(hosting, {
    type: 'select',
    items: [
      { m: [0], a: [0] },
      { m: [400], a: [4400] },
    ],
    more: { title: 'Disk' },
  })
  address = await shop.addon(hosting, { m: [200] })
  customer = await signUp(full)
})

test('an order with choices, an addon, a code and a fee makes its services, their periods and one invoice', async () => {
  await shop.promo({ code: 'ADA10', kind: 'percent', percent: 10 })
  const { status, json, text } = await customer.post(`/order/${hosting}`, {
    ...{ domain: 'Example.org', cycle: 'm', pay_method: method, promocode: 'ada10', aff_id: '55' },
    ...{ custom: { [disk.id]: { [disk.items[1] ?? '']: 1 } }, addon: { [address]: 1 } },
  })
  expect(status, text).toBe(200)
  // 24.00 and 2.00, less a tenth of each, 23.40; the fee of it 0.55; 24 % on 23.95.
  expect(json).toMatchObject({
    success: true,
    total: '29.70',
    items: { type: 'Hosting', name: 'example.org', product_id: hosting },
  })
  expect(json.addons).toMatchObject([{ type: 'Addon', name: 'example.org', product_id: address }])

  const order = await full.app.db
    .selectFrom('orders')
    .selectAll()
    .where('number', '=', json.order_num)
    .executeTakeFirstOrThrow()
  expect(order).toMatchObject({
    status: 'Pending',
    invoice_id: json.invoice_id,
    affiliate_id: '55',
    total_minor: '2970',
  })
  const [product, addon] = await servicesOf(customer.accountId)
  expect(product).toMatchObject({
    ...{ id: json.items.id, order_id: order.id, status: 'Pending', cycle: 'm', name: 'example.org' },
    ...{ price_minor: '2400', first_payment_minor: '2160', config: { [disk.id]: { [disk.items[1] ?? '']: 1 } } },
  })
  expect(addon).toMatchObject({ id: json.addons[0].id, parent_id: product?.id, kind: 'addon', price_minor: '200' })

  const lines = await full.app.db
    .selectFrom('invoice_line')
    .selectAll()
    .where('invoice_id', '=', json.invoice_id)
    .orderBy('position')
    .execute()
  expect(lines.map(line => [line.type, line.item_id, line.amount_minor])).toEqual([
    ['Hosting', product?.id, '2400'],
    ['Discount', product?.id, '-240'],
    ['Addon', addon?.id, '200'],
    ['Discount', addon?.id, '-20'],
    ['Other', '-2', '55'],
  ])
  expect(lines[0]?.description).toMatch(/^Web hosting M, example.org \(2026-11-17 – 2026-12-16\), Disk: Item \d+$/)
  expect(lines[1]?.description).toMatch(/: Web hosting M, example.org \(2026-11-17 – 2026-12-16\)$/)
  const periods = await full.app.db
    .selectFrom('billed_period')
    .selectAll()
    .where('account_id', '=', customer.accountId)
    .orderBy('id')
    .execute()
  expect(periods.map(period => [period.service_id, period.line_id, period.net_minor, period.reason])).toEqual([
    [product?.id, lines[0]?.id, '2160', 'order'],
    [addon?.id, lines[2]?.id, '180', 'order'],
  ])
})

test('one thing is answered alone, and as a list in the recorded dialect', async () => {
  const documented = await customer.post(`/order/${hosting}`, { cycle: 'm' })
  expect(documented.json.items).toEqual({ id: expect.any(String), type: 'Hosting', name: '', product_id: hosting })
  expect(documented.json).not.toHaveProperty('addons')
  const other = await fullServer({ dialect: 'recorded' })
  onTestFinished(() => other.close())
  const product = await (await openShop(other.app)).product({ prices: { m: [100] } })
  const { json } = await (await signUp(other)).post(`/order/${product}`, { cycle: 'm' })
  expect(json).toMatchObject({ success: true, items: [{ type: 'Hosting', product_id: product }] })
})

test('forms in PHP brackets order what JSON orders', async () => {
  const query = new URLSearchParams({
    ...{ cycle: 'm', domain: 'brackets.example' },
    ...{ [`custom[${disk.id}]`]: disk.items[1] ?? '', [`addon[${address}]`]: '1', [`addon_cycles[${address}]`]: 'm' },
  })
  const { status, json } = await customer.post(`/order/${hosting}?${query}`, {})
  expect([status, json.total]).toEqual([200, '32.97']) // 26.00 and the fee of 0.59, at 24 %
})

test('credit that is chosen to pay with pays, whether or not it pays other invoices', async () => {
  const buyer = await signUp(full)
  const { accountId } = buyer
  await full.app.db.updateTable('account').set({ auto_apply_credit: false }).where('id', '=', accountId).execute()
  const credit = { accountId, amountMinor: 5000n, currency: 'EUR', key: accountId, description: 'Paid in' }
  await buyer.run(async ctx => addCredit(ctx, await ctx.begin(), credit))
  const order = async (pay_method: string) => {
    const { json, text } = await buyer.post(`/order/${hosting}`, { cycle: 'm', pay_method })
    const { status, paid_minor } = await full.app.db
      .selectFrom('invoice')
      .select(['status', 'paid_minor'])
      .where('id', '=', json.invoice_id)
      .executeTakeFirstOrThrow(() => new Error(text))
    return [status, paid_minor]
  }
  expect(await order(await shop.method({}))).toEqual(['Unpaid', '0'])
  expect(await order(await shop.method({ driver: 'credit' }))).toEqual(['Paid', '2480'])
})

test('a number that is taken already is drawn again', async () => {
  const [taken] = await ordersOf(customer.accountId)
  const numbers = [taken?.number ?? 0, 500_000_001, 500_000_001, 500_000_002]
  const order = {
    accountId: customer.accountId,
    status: 'Pending',
    kind: 'order',
    promoId: null,
    promoTargetIds: [],
    affiliateId: null,
    paymentMethodId: null,
    currency: 'EUR',
  } as const
  const placed = await full.app.db.transaction().execute(tx =>
    insertOrders(
      tx,
      [
        { ...order, totalMinor: 1n },
        { ...order, totalMinor: 2n },
      ],
      clock.now(),
      () => numbers.shift() ?? 500_000_003,
    ),
  )
  expect(placed.map(each => each.number)).toEqual([500_000_002, 500_000_001])
})
