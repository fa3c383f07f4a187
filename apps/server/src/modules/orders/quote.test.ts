import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Customer, signUp } from '../../../test/buyer.ts'
import { estonianShop } from '../../../test/estonian-shop.ts'
import { recordQueries } from '../../db/query-log.ts'
import { addCredit } from '../billing/index.ts'

const { full, shop } = await estonianShop()
afterAll(() => full.close())
let customer: Customer
let hosting: string
let field: { id: string; items: string[] }
let addon: string
let tld: string
beforeAll(async () => {
  hosting = await shop.product({ prices: { m: [2000], a: [22_000] }, more: { name: 'Web hosting M' } })
  field = await shop.field(hosting, {
    type: 'qty',
    items: [{ m: [100, 50], a: [1000, 50] }],
    more: { title: 'Mailboxes' },
  })
  addon = await shop.addon(hosting, { m: [200], a: [2000] })
  tld = await shop.tld('.org', { register: [950, 2150], transfer: [950], renew: [1200, 2400] })
  customer = await signUp(full)
})

/** The cart of the documented example. */
const example = () => [
  { type: 'product', product_id: hosting, domain: 'example.org', cycle: 'a' },
  { type: 'domain', tld_id: tld, name: 'example.org', action: 'register', years: 1 },
]

test('the documented example comes to the documented sums', async () => {
  const { status, json } = await customer.post('/quote', { items: example() })
  expect(status).toBe(200)
  expect(json.summary).toEqual({
    ...{ subtotal: 229.5, total: 284.58, credit: 0, discount: 0, cost: 229.5 },
    recurring: [{ title: 'Annually', price: 287.68, value: 'a' }],
    tax: [{ name: 'VAT', tax: 55.08, value: 24 }],
  })
  expect(json.items).toMatchObject([
    {
      index: 0,
      valid: true,
      product: { id: Number(hosting), category_name: 'Web hosting', domain: 'example.org' },
      domains: {},
    },
    {
      index: 1,
      valid: true,
      product: null,
      domains: { 'example.org': { id: Number(tld), tld: '.org', period: 1, price: '9.50' } },
    },
  ])
})

test.each(['short', 'config'])('output %s says which lines are not in the sums', async output => {
  const items = [...example(), { type: 'domain', tld_id: tld, name: 'example.org', action: 'register', years: 11 }]
  const { json } = await customer.post('/quote', { output, items })
  expect(json.summary.subtotal).toBe(229.5)
  expect(json.errors).toMatchObject([{ index: 2, fields: { years: ['field_format_error'] } }])
})

test('output short is the sums alone, and config what each line has chosen, with what was left to the catalogue', async () => {
  const items = [
    { ...example()[0], custom: { [field.id]: { [field.items[0] ?? '']: 3 } }, addon: { [addon]: 1 } },
    { type: 'domain' },
  ]
  const short = await customer.post('/quote', { output: 'short', items })
  expect(Object.keys(short.json)).toEqual(['summary', 'errors', 'success'])
  const { json } = await customer.post('/quote', { output: 'config', items })
  expect(json).not.toHaveProperty('items')
  expect(json.config).toEqual([
    {
      ...{ index: 0, valid: true, cycle: 'a', custom: { [field.id]: { [field.items[0] ?? '']: 3 } } },
      charges: [
        { title: 'Web hosting M', quantity: 1, price: 220, setup: 0 },
        { title: 'Mailboxes', quantity: 3, price: 10, setup: 0.5 },
      ],
      addons: [{ id: addon, name: expect.any(String), cycle: 'a', charges: [expect.objectContaining({ price: 20 })] }],
    },
    { index: 1, valid: false, cycle: '', custom: {}, charges: [], addons: [] },
  ])
})

test('a line that cannot be ordered says why and costs nothing', async () => {
  const items = [example()[0], { type: 'product', product_id: '999999' }, { ...example()[1], years: 11 }]
  const { status, json } = await customer.post('/quote', { items })
  expect([status, json.summary.total]).toEqual([200, 272.8])
  expect(json.items.map((item: { valid: boolean; error: string[] }) => [item.valid, item.error])).toEqual([
    [true, []],
    [false, ['not_found']],
    [false, ['field_format_error', 'years']],
  ])
})

test('credit that the order would use is shown, up to the total, and not where the account keeps it', async () => {
  const saver = await signUp(full)
  const quote = async () => (await saver.post('/quote', { output: 'short', items: example() })).json.summary.credit
  const give = (amountMinor: bigint, key: string) =>
    saver.run(async ctx =>
      addCredit(ctx, await ctx.begin(), {
        accountId: saver.accountId,
        amountMinor,
        currency: 'EUR',
        key,
        description: 'A gift',
      }),
    )
  await give(5000n, 'first')
  expect(await quote()).toBe(50)
  await give(50_000n, 'second')
  expect(await quote()).toBe(284.58)
  await full.app.db.updateTable('account').set({ auto_apply_credit: false }).where('id', '=', saver.accountId).execute()
  expect(await quote()).toBe(0)
})

test('a code is shown at the lines it counts for', async () => {
  await shop.promo({ code: 'TENTH', kind: 'percent', percent: 10, cycles: ['a'], recurring: true })
  const { json } = await customer.post('/quote', { items: example(), promocode: ' tenth ' })
  expect(json.summary).toMatchObject({ cost: 229.5, discount: 22, subtotal: 207.5, total: 257.3 })
  expect(json.items.map((item: { coupon: object }) => item.coupon)).toEqual([{ code: 'TENTH' }, {}])
})

describe('a quote asks the database six times at most', () => {
  const lines = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      index % 2 === 0
        ? { type: 'product', product_id: hosting, cycle: 'm', addon: { [addon]: 1 } }
        : { type: 'domain', tld_id: tld, name: `name${index}.org`, action: 'register', years: 1 },
    )
  test.each([1, 20])('of %s lines', async count => {
    await shop.promo({ code: `COUNT${count}`, kind: 'percent', percent: 5 })
    const body = { items: lines(count), promocode: `COUNT${count}` }
    const { queries, result } = await recordQueries(() => customer.post('/quote', body))
    expect(result.status).toBe(200)
    expect(queries.length, queries.join('\n')).toBeLessThanOrEqual(6)
  })
})

test('a quote changes nothing', async () => {
  const count = async (table: 'orders' | 'invoice' | 'service' | 'ledger_entry') => {
    const rows = await full.app.db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll().as('count'))
      .execute()
    return rows[0]?.count
  }
  const all = async () => Promise.all([count('orders'), count('invoice'), count('service'), count('ledger_entry')])
  const before = await all()
  await customer.post('/quote', { items: example() })
  expect(await all()).toEqual(before)
})
