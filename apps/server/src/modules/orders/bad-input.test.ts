import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Customer, signUp } from '../../../test/buyer.ts'
import { type FullServer, fullServer } from '../../../test/full-server.ts'
import { openShop, type Shop } from '../../../test/shop.ts'
import { fixedClock } from '../../clock.ts'
import { parkAccount } from '../billing/index.ts'

const now = new Date('2026-11-17T12:00:00Z')
let full: FullServer
let shop: Shop
let customer: Customer
let stranger: Customer
const ids: Record<string, string> = {}
beforeAll(async () => {
  full = await fullServer({}, fixedClock(now))
  shop = await openShop(full.app)
  await full.app.db.insertInto('currency').values({ code: 'JPY', exponent: 0, rate: 160 }).execute()
  ids.hosting = await shop.product({ prices: { m: [2000], a: [22_000] } })
  ids.named = await shop.product({ prices: { m: [2000] }, more: { host_name: 'required' } })
  ids.abroad = await shop.product({ prices: { m: [2000] }, currency: 'JPY' })
  ids.retired = await shop.product({ prices: { m: [2000] }, more: { retired_at: now } })
  ids.hidden = await shop.product({ prices: { m: [2000] }, more: { category_id: null } })
  ids.gone = await shop.product({ prices: { m: [2000] }, more: { stock: 0 } })
  const mailboxes = await shop.field(ids.hosting, { type: 'qty', items: [{ m: [100] }], more: { maximum: 10 } })
  const theirs = await shop.field(ids.named, { type: 'qty', items: [{ m: [100] }] })
  ids.field = mailboxes.id
  ids.item = mailboxes.items[0] ?? ''
  ids.othersField = theirs.id
  ids.othersItem = theirs.items[0] ?? ''
  ids.addon = await shop.addon(ids.hosting, { m: [200] })
  ids.othersAddon = await shop.addon(ids.named, { m: [200] })
  ids.tld = await shop.tld('.org', { register: [950, 2150], transfer: [950], renew: [1200, 2400] })
  ids.yen = await shop.method({ currencies: ['JPY'] })
  ids.cheque = await shop.method({ retired_at: now })
  ids.credit = await shop.method({ driver: 'credit', position: 9 })
  ids.bank = await shop.method({})
  customer = await signUp(full)
  stranger = await signUp(full)
  const theirDomain = { type: 'domain', tld_id: ids.tld, name: 'taken.org', action: 'register', years: 1 }
  await stranger.post('/order', { items: [theirDomain] })
  const theirs2 = await full.app.db.selectFrom('domain').select('service_id').executeTakeFirstOrThrow()
  ids.theirDomain = theirs2.service_id
  await shop.promo({ code: 'OVER', kind: 'percent', percent: 10, ends_at: now })
  await shop.promo({ code: 'EARLY', kind: 'percent', percent: 10, starts_at: new Date(now.getTime() + 1) })
  await shop.promo({ code: 'YEARLY', kind: 'percent', percent: 10, cycles: ['a'] })
  await shop.promo({ code: 'YEN', kind: 'fixed', amounts: '{"JPY":100}' })
  await shop.promo({ code: 'SPENT', kind: 'percent', percent: 10, max_uses: 0 })
  await shop.promo({ code: 'ONCE', kind: 'percent', percent: 10, max_uses_per_account: 1, new_clients_only: false })
})
afterAll(() => full.close())

const field = (name: string, code = 'field_format_error') => ({ error: [code, name], fields: { [name]: [code] } })
const coded = (code: string, name: string) => ({ error: [code], fields: { [name]: [code] } })

/** Every row that an order could write. */
async function rows(): Promise<readonly unknown[]> {
  const tables = [
    'orders',
    'service',
    'domain',
    'invoice',
    'ledger_entry',
    'audit',
    'promo_account',
    'number_series',
  ] as const
  return Promise.all(tables.map(async table => (await full.app.db.selectFrom(table).selectAll().execute()).length))
}

async function refused(path: string, body: object): Promise<{ status: number; json: object }> {
  const before = await rows()
  const { status, json } = await customer.post(path, body)
  expect(await rows(), 'nothing is written').toEqual(before)
  return { status, json }
}

describe('an order of a product is refused, and nothing is written', () => {
  test.each<[string, string, () => object, number, () => object]>([
    ['a product that does not exist', '99999', () => ({}), 404, () => ({ error: ['not_found'] })],
    ['one that is retired', 'retired', () => ({}), 404, () => ({ error: ['not_found'] })],
    ['one that is not in the shop', 'hidden', () => ({}), 404, () => ({ error: ['not_found'] })],
    ['one without a price in the currency', 'abroad', () => ({}), 422, () => field('cycle')],
    [
      'one that is sold out',
      'gone',
      () => ({}),
      409,
      () => ({ error: ['conflict', 'out_of_stock'], fields: { product_id: ['conflict'] } }),
    ],
    ['a cycle that is not offered', 'hosting', () => ({ cycle: 'q' }), 422, () => field('cycle')],
    ['a cycle that does not exist', 'hosting', () => ({ cycle: 'fortnight' }), 422, () => field('cycle')],
    ['a cycle of domains', 'hosting', () => ({ cycle: 'y1' }), 422, () => field('cycle')],
    [
      'a field of another product',
      'hosting',
      () => ({ custom: { [ids.othersField ?? '']: { [ids.othersItem ?? '']: 1 } } }),
      422,
      () => field(`custom[${ids.othersField}]`),
    ],
    [
      'an item of another product',
      'hosting',
      () => ({ custom: { [ids.field ?? '']: { [ids.othersItem ?? '']: 1 } } }),
      422,
      () => field(`custom[${ids.field}]`),
    ],
    [
      'a negative quantity',
      'hosting',
      () => ({ custom: { [ids.field ?? '']: { [ids.item ?? '']: -1 } } }),
      422,
      () => field(`custom[${ids.field}]`),
    ],
    [
      'a part of a quantity',
      'hosting',
      () => ({ custom: { [ids.field ?? '']: { [ids.item ?? '']: 1.5 } } }),
      422,
      () => field(`custom[${ids.field}]`),
    ],
    [
      'more than the most',
      'hosting',
      () => ({ custom: { [ids.field ?? '']: 11 } }),
      422,
      () => field(`custom[${ids.field}]`),
    ],
    ['choices that are no tree', 'hosting', () => ({ custom: 'all' }), 422, () => field('custom')],
    [
      'an addon of another product',
      'hosting',
      () => ({ addon: { [ids.othersAddon ?? '']: 1 } }),
      422,
      () => field(`addon[${ids.othersAddon}]`),
    ],
    [
      'an addon that is no text',
      'hosting',
      () => ({ addon: { [ids.addon ?? '']: { toString: 1 } } }),
      422,
      () => field(`addon[${ids.addon}]`),
    ],
    [
      'a subproduct that is no text',
      'hosting',
      () => ({ subproducts: { 3: { toString: 1 } } }),
      422,
      () => field('subproducts[3]'),
    ],
    [
      'a cycle that the addon has not',
      'hosting',
      () => ({ addon: { [ids.addon ?? '']: 1 }, addon_cycles: { [ids.addon ?? '']: 'a' } }),
      422,
      () => field(`addon_cycles[${ids.addon}]`),
    ],
    [
      'no host name where one is needed',
      'named',
      () => ({ domain: ' ' }),
      422,
      () => field('domain', 'field_empty_error'),
    ],
    [
      'what is no host name',
      'named',
      () => ({ domain: 'exa mple.org' }),
      422,
      () => coded('invalid_hostname', 'domain'),
    ],
    ['a way to pay that does not exist', 'hosting', () => ({ pay_method: '99999' }), 422, () => field('pay_method')],
    ['one that does not take the currency', 'hosting', () => ({ pay_method: ids.yen }), 422, () => field('pay_method')],
    ['one that is retired', 'hosting', () => ({ pay_method: ids.cheque }), 422, () => field('pay_method')],
    [
      'credit that is not there',
      'hosting',
      () => ({ pay_method: ids.credit }),
      409,
      () => ({ error: ['insufficient_credit'] }),
    ],
    [
      'a code that does not exist',
      'hosting',
      () => ({ promocode: 'NONE' }),
      422,
      () => coded('coupon_not_exist', 'promocode'),
    ],
    ['one that is over', 'hosting', () => ({ promocode: 'OVER' }), 422, () => coded('coupon_not_exist', 'promocode')],
    [
      'one that is not good yet',
      'hosting',
      () => ({ promocode: 'EARLY' }),
      422,
      () => coded('coupon_not_exist', 'promocode'),
    ],
    [
      'one for other cycles',
      'hosting',
      () => ({ promocode: 'YEARLY' }),
      422,
      () => coded('coupon_not_exist', 'promocode'),
    ],
    [
      'one in another currency',
      'hosting',
      () => ({ promocode: 'YEN' }),
      422,
      () => coded('coupon_not_exist', 'promocode'),
    ],
    [
      'one that is used up',
      'hosting',
      () => ({ promocode: 'SPENT' }),
      422,
      () => coded('coupon_not_exist', 'promocode'),
    ],
  ])('%s', async (_what, product, body, status, answer) => {
    const { status: got, json } = await refused(`/order/${ids[product] ?? product}`, {
      cycle: 'm',
      pay_method: ids.bank,
      ...body(),
    })
    expect({ status: got, json }).toEqual({ status, json: { success: false, ...answer() } })
  })
})

const domain = (more: object) => ({
  type: 'domain',
  tld_id: ids.tld,
  name: 'free.org',
  action: 'register',
  years: 1,
  ...more,
})

describe('a line is refused by the name of its field, and nothing is written', () => {
  test.each<[string, () => object, string, string]>([
    ['no years', () => domain({ years: undefined }), 'field_empty_error', 'years'],
    ['0 years', () => domain({ years: 0 }), 'field_format_error', 'years'],
    ['11 years', () => domain({ years: 11 }), 'field_format_error', 'years'],
    ['half a year', () => domain({ years: 0.5 }), 'field_format_error', 'years'],
    ['years that have no price', () => domain({ years: 5 }), 'field_format_error', 'years'],
    ['no action', () => domain({ action: undefined }), 'field_empty_error', 'action'],
    ['an action that does not exist', () => domain({ action: 'borrow' }), 'field_format_error', 'action'],
    ['no TLD', () => domain({ tld_id: undefined }), 'field_empty_error', 'tld_id'],
    ['a TLD that does not exist', () => domain({ tld_id: '99999' }), 'not_found', 'tld_id'],
    ['no name', () => domain({ name: '' }), 'field_empty_error', 'name'],
    ['a name under another TLD', () => domain({ name: 'free.com' }), 'domain_format_error', 'name'],
    ['a name below a name', () => domain({ name: 'www.free.org' }), 'domain_format_error', 'name'],
    ['what is no name', () => domain({ name: '-.org' }), 'domain_format_error', 'name'],
    ['a name that somebody has', () => domain({ name: 'Taken.org' }), 'domain_already_exist', 'name'],
    ['a transfer without its code', () => domain({ action: 'transfer' }), 'epp_code_error', 'epp'],
    [
      "a renewal of somebody else's domain",
      () => domain({ action: 'renew', domain_id: ids.theirDomain }),
      'not_found',
      'domain_id',
    ],
    [
      'a renewal of what does not exist',
      () => domain({ action: 'renew', domain_id: '99999' }),
      'not_found',
      'domain_id',
    ],
    ['a renewal of nothing', () => domain({ action: 'renew' }), 'field_empty_error', 'domain_id'],
    ['no product', () => ({ type: 'product' }), 'field_empty_error', 'product_id'],
    ['a product that does not exist', () => ({ type: 'product', product_id: '99999' }), 'not_found', 'product_id'],
    ['what is no id', () => ({ type: 'product', product_id: 'all' }), 'field_format_error', 'product_id'],
  ])('%s', async (_what, line, code, name) => {
    const good = { type: 'product', product_id: ids.hosting, cycle: 'm' }
    const { json } = await refused('/order', { pay_method: ids.bank, items: [good, line()] })
    const named = `items[1][${name}]`
    const general = code.startsWith('field_')
    expect(json).toEqual({ success: false, error: general ? [code, named] : [code], fields: { [named]: [code] } })
  })

  test('the same name twice', async () => {
    const { json } = await refused('/order', { items: [domain({}), domain({ name: 'FREE.org.' })] })
    expect(json).toMatchObject({
      error: ['domain_already_exist'],
      fields: { 'items[1][name]': ['domain_already_exist'] },
    })
  })

  test('choices keep the names of their fields', async () => {
    const line = { type: 'product', product_id: ids.hosting, cycle: 'm', custom: { [ids.field ?? '']: 11 } }
    const { json } = await refused('/order', { items: [line] })
    expect(json).toMatchObject(field(`items[0][custom][${ids.field}]`))
  })
})

test('with ignore_errors what cannot be ordered is reported and the rest stands', async () => {
  const items = [
    domain({ years: 11 }),
    { type: 'product', product_id: ids.hosting, cycle: 'm' },
    { type: 'product', product_id: ids.gone, cycle: 'm' },
  ]
  const { status, json } = await customer.post('/order', { ignore_errors: true, pay_method: ids.bank, items })
  expect(status).toBe(200)
  expect(json).toMatchObject({
    total: '20.00',
    order_num_list: [expect.any(Number)],
    items: [{ product_id: ids.hosting }],
  })
  expect(json.errors).toEqual([
    { index: 0, error: ['field_format_error', 'years'], fields: { years: ['field_format_error'] } },
    { index: 2, error: ['conflict', 'out_of_stock'], fields: { product_id: ['conflict'] } },
  ])
})

test('with ignore_errors and nothing that can be ordered, what is wrong with all lines is the answer', async () => {
  const { status, json } = await refused('/order', {
    ignore_errors: true,
    items: [domain({ years: 11 }), domain({ name: '' })],
  })
  expect({ status, json }).toEqual({
    status: 422,
    json: {
      success: false,
      error: ['field_format_error', 'items[0][years]', 'field_empty_error', 'items[1][name]'],
      fields: { 'items[0][years]': ['field_format_error'], 'items[1][name]': ['field_empty_error'] },
    },
  })
})

test('an account uses a code as often as it may, and a cancelled or stranger account does not count', async () => {
  const order = (who: Customer) =>
    who.post(`/order/${ids.hosting}`, { cycle: 'm', promocode: 'ONCE', pay_method: ids.bank })
  expect((await order(customer)).status).toBe(200)
  expect((await order(customer)).json).toEqual({ success: false, ...coded('coupon_not_exist', 'promocode') })
  expect((await order(stranger)).status).toBe(200)
})

test('an account whose money does not add up orders nothing', async () => {
  const parked = await signUp(full)
  await parked.run(async ctx => parkAccount(ctx, await ctx.begin(), parked.accountId, 'to be looked at'))
  const { status, json } = await parked.post(`/order/${ids.hosting}`, { cycle: 'm', pay_method: ids.bank })
  expect([status, json.error[0]]).toEqual([409, 'conflict'])
})
