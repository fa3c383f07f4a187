import type { StaffRole } from '@innkeeper/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FullServer, fullServer } from '../../../test/full-server.ts'
import { signInStaff, staffCall } from '../../../test/staff.ts'

const first = `
categories: { web: { name: Web }, shelf: { name: Shelf } }
products:
  small:
    category: web
    name: Small
    description: A small place
    kind: hosting
    tags: [popular]
    stock: 5
    provisioner: manual
    prices: { EUR: { m: { price: 5.00, setup: 9.00 }, a: 50.00 } }
    form: { disk: { type: select, title: Disk, items: { few: { title: 10 GB }, many: { title: 50 GB, prices: { EUR: { m: 2.00 } } } } } }
  large: { category: web, name: Large, prices: { EUR: { m: 8.00 } } }
  tin: { category: shelf, name: Tin, paytype: Free }
`
const second = first.replace('m: 8.00', 'm: 8.50').replace(/ +tin: .*\n/, '  box: { name: Box, paytype: Free }\n')

let full: FullServer
const tokens = new Map<StaffRole, string>()
beforeAll(async () => {
  full = await fullServer()
  for (const role of ['owner', 'billing', 'support', 'readonly'] as const)
    tokens.set(role, (await signInStaff(full.app, full.server, role)).token)
})
afterAll(() => full.close())

const as = (role: StaffRole) => {
  const token = () => tokens.get(role) ?? ''
  return {
    get: (path: string) => staffCall(full.server, 'GET', path, { token: token() }),
    post: (path: string, body: object) => staffCall(full.server, 'POST', path, { token: token(), body }),
  }
}
const owner = as('owner')
const plan = async (source: string) => (await owner.post('/catalogue/plan', { source })).json
const audited = (event: string) =>
  full.app.db.selectFrom('audit').select(['actor', 'detail']).where('event', '=', event).orderBy('id').execute()
const products = async (query = '') => (await owner.get(`/products${query}`)).json
const named = async (name: string) =>
  ((await products()).products as { id: string; name: string }[]).find(row => row.name === name)?.id ?? ''

test('a plan shows what a file would change and changes nothing; its fingerprint then does just that', async () => {
  const planned = await plan(first)
  expect(planned).toMatchObject({ success: true, problems: [], fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect(planned.changes).toContainEqual({
    what: 'add',
    path: 'products/large/prices/EUR/m',
    name: '',
    fields: [
      { name: 'price', from: '', to: '8.00' },
      { name: 'setup', from: '', to: '0.00' },
    ],
  })
  expect((await products()).products).toEqual([])

  const applied = await owner.post('/catalogue/import', { source: first, fingerprint: planned.fingerprint })
  expect(applied).toMatchObject({ status: 200, json: { info: ['catalogue_imported'], changes: planned.changes } })
  expect((await plan(first)).changes).toEqual([])
  const [row, ...more] = await audited('catalogue.import')
  expect(more).toEqual([])
  expect(row).toMatchObject({ actor: expect.stringMatching(/^staff\d+@example\.net$/) })
})

test('a product is read with its prices and its form', async () => {
  const { product } = (await owner.get(`/products/${await named('Small')}`)).json
  expect(product).toMatchObject({
    key: 'small',
    name: 'Small',
    description: 'A small place',
    kind: 'hosting',
    paytype: 'Regular',
    tags: ['popular'],
    stock: 5,
    provision_on: 'payment',
    provisioner: 'manual',
    services: 0,
    retired_at: null,
  })
  const [disk, ...fields] = product.fields
  expect(fields).toEqual([])
  expect(disk).toMatchObject({ key: 'disk', type: 'select', title: 'Disk' })
  expect(disk.items.map((item: { key: string; title: string }) => [item.key, item.title])).toEqual([
    ['few', '10 GB'],
    ['many', '50 GB'],
  ])
  expect(product.prices).toEqual([
    { item_id: null, currency: 'EUR', cycle: 'm', price: '5.00', setup: '9.00' },
    { item_id: null, currency: 'EUR', cycle: 'a', price: '50.00', setup: '0.00' },
    { item_id: disk.items[1].id, currency: 'EUR', cycle: 'm', price: '2.00', setup: '0.00' },
  ])
})

test('what changes is told from what to what, and what the file no longer has is retired, not deleted', async () => {
  const { changes, fingerprint } = await plan(second)
  const tin = await named('Tin')
  expect(changes).toContainEqual({
    what: 'change',
    path: 'products/large/prices/EUR/m',
    name: '',
    fields: [{ name: 'price', from: '8.00', to: '8.50' }],
  })
  expect(changes).toContainEqual({ what: 'retire', path: 'products/tin', name: 'Tin', fields: [] })
  expect((await owner.post('/catalogue/import', { source: second, fingerprint })).status).toBe(200)
  expect((await owner.get(`/products/${tin}`)).json.product.retired_at).toMatch(/^\d{4}-\d\d-\d\dT/)
})

test('products are listed newest first, by category, sold or retired, and go on from the last of a page', async () => {
  const names = async (query: string) => {
    const { products: rows, next } = await products(query)
    return [rows.map((row: { name: string }) => row.name), next]
  }
  expect(await names('')).toEqual([['Box', 'Tin', 'Large', 'Small'], null])
  expect(await names('?retired=1')).toEqual([['Tin'], null])
  expect(await names('?retired=0')).toEqual([['Box', 'Large', 'Small'], null])
  const { product } = (await owner.get(`/products/${await named('Large')}`)).json
  expect(await names(`?category_id=${product.category_id}`)).toEqual([['Large', 'Small'], null])
  expect(await names('?perpage=3')).toEqual([['Box', 'Tin', 'Large'], product.id])
  expect(await names(`?perpage=3&before=${product.id}`)).toEqual([['Small'], null])
  expect(await names('?category_id=999999')).toEqual([[], null])
})

describe('a file that cannot be imported', () => {
  const bad = 'categories: { web: {} }\nproducts: { small: { name: Small } }\npromo_codes: { X1: { percent: x } }'

  test('is planned with all its problems and no fingerprint', async () => {
    expect(await plan(bad)).toEqual({
      success: true,
      changes: [],
      problems: [
        'categories/web/name: is missing',
        expect.stringContaining('promo_codes/X1/percent: is "x"'),
        'products/small/prices: what is Regular needs a price',
      ],
      fingerprint: null,
    })
  })

  test('is refused, and nothing is written', async () => {
    const { fingerprint } = await plan(second)
    const before = await audited('catalogue.import')
    for (const source of [bad, 'categories: {', '- a list'])
      expect(await owner.post('/catalogue/import', { source, fingerprint })).toMatchObject({
        status: 422,
        json: { success: false, error: ['field_format_error', 'source'], fields: { source: ['field_format_error'] } },
      })
    expect((await plan(second)).changes).toEqual([])
    expect(await audited('catalogue.import')).toEqual(before)
  })
})

test('what is applied is what was seen: a plan that another import overtook is a conflict', async () => {
  const third = second.replace('m: 8.50', 'm: 9.00')
  const { fingerprint } = await plan(third)
  const other = await plan(second.replace('m: 8.50', 'm: 10.00'))
  const overtaking = { source: second.replace('m: 8.50', 'm: 10.00'), fingerprint: other.fingerprint }
  expect((await owner.post('/catalogue/import', overtaking)).status).toBe(200)
  const refused = {
    status: 409,
    json: { success: false, error: ['conflict', 'plan_changed'], fields: { fingerprint: ['conflict'] } },
  }
  expect(await owner.post('/catalogue/import', { source: third, fingerprint })).toMatchObject(refused)
  expect(await owner.post('/catalogue/import', { source: third, fingerprint: 'guessed' })).toMatchObject(refused)
  const { product } = (await owner.get(`/products/${await named('Large')}`)).json
  expect(product.prices[0].price).toBe('10.00')
})

test.each([
  ['/catalogue/plan', {}, 'source'],
  ['/catalogue/import', { source: 'categories: {}' }, 'fingerprint'],
  ['/catalogue/import', { fingerprint: 'x' }, 'source'],
])('%s without a field names it', async (path, body, field) => {
  const { status, json } = await owner.post(path, body)
  expect([status, json.error]).toEqual([422, ['field_empty_error', field]])
})

test('a product that is not there is not found', async () => {
  expect(await owner.get('/products/999999')).toMatchObject({ status: 404, json: { error: ['not_found'] } })
})

test.each([
  ['owner', 200],
  ['billing', 403],
  ['support', 403],
  ['readonly', 403],
] as const)('%s reads the catalogue, and planning and importing answer %i', async (role, status) => {
  const { fingerprint } = await plan(second)
  expect((await as(role).get('/products')).status).toBe(200)
  expect((await as(role).get(`/products/${await named('Large')}`)).status).toBe(200)
  const planned = await as(role).post('/catalogue/plan', { source: second })
  const applied = await as(role).post('/catalogue/import', { source: second, fingerprint })
  expect([planned.status, applied.status]).toEqual([status, status])
  if (status === 403) expect([planned.json.error, applied.json.error]).toEqual([['forbidden'], ['forbidden']])
})

test('without a token nothing is told', async () => {
  for (const [method, path] of [
    ['GET', '/products'],
    ['GET', '/products/1'],
    ['POST', '/catalogue/plan'],
    ['POST', '/catalogue/import'],
  ] as const)
    expect(await staffCall(full.server, method, path)).toMatchObject({ status: 401, json: { error: ['unauthorized'] } })
})
