import { sql } from 'kysely'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { readDemoCatalogue } from '../../../test/catalogue.ts'
import { asOperator } from '../../operator.ts'
import { Refusal } from '../../refusal.ts'
import { ensureProduct } from '../services/index.ts'
import { describePlan } from './describe-plan.ts'
import { CatalogueError } from './file-problems.ts'
import { applyImport, planImport } from './import-catalogue.ts'
import { loadOffers, takeStock } from './index.ts'

const demo = await readDemoCatalogue()

/** A catalogue of one product, whose parts the tests replace. */
const small = `
currencies: { EUR: { decimals: 2, rate: 1 } }
categories: { web: { name: Web } }
addons: { backup: { name: Backup, prices: { EUR: { m: 1.00 } } } }
products:
  one:
    category: web
    name: One
    prices: { EUR: { m: 5.00, a: { price: 50.00, setup: 9.00 } } }
    form:
      disk: { type: select, title: Disk, items: { small: { title: Small }, large: { title: Large, prices: { EUR: { m: 2.00 } } } } }
    addons: [backup]
  two: { category: web, name: Two, stock: 5, prices: { EUR: { m: 8.00 } } }
promo_codes: { TEN: { percent: 10, products: { one: {} } } }
`

/** A provider that has imported these, for the one test. */
async function shop(...sources: string[]) {
  const app = await testApp()
  onTestFinished(() => app.close())
  return shopOf(app, ...sources)
}

async function shopOf(app: TestApp, ...sources: string[]) {
  const apply = (source: string, fingerprint?: string) => asOperator(app, ctx => applyImport(ctx, source, fingerprint))
  for (const source of sources) await apply(source)
  const idOf = async (key: string) =>
    (await app.db.selectFrom('product').select('id').where('key', '=', key).executeTakeFirstOrThrow()).id
  return {
    app,
    apply,
    idOf,
    lines: async (source: string) => describePlan(await planImport(app, source)),
    async offer(key: string) {
      const id = await idOf(key)
      return (await loadOffers(app.db, { productIds: [id] }, 'EUR')).products.get(id)
    },
  }
}

/** For tests that only plan. */
const shared = await testApp()
afterAll(() => shared.close())
const present = await shopOf(shared, `${small}\ntax_rates: [{ country: CA, name: GST, percent: 5, from: 2008-01-01 }]`)

test('a second import of the same file changes nothing and leaves no trace', async () => {
  const { app, apply } = await shop(demo)
  const audited = () => app.db.selectFrom('audit').select(['event', 'actor']).execute()
  expect(await audited()).toEqual([{ event: 'catalogue.import', actor: 'operator' }])
  expect((await apply(demo)).changes).toEqual([])
  expect((await planImport(app, demo)).changes).toEqual([])
  expect(await audited()).toHaveLength(1)
})

test('YAML and JSON say the same', async () => {
  const json = JSON.stringify({
    promo_codes: { TEN: { products: { one: {} }, percent: '10.0' } },
    categories: { web: { description: '', name: 'Web' } },
  })
  expect((await planImport(shared, json)).changes).toEqual([])
})

test('what changes is shown from what to what, and what comes with a new thing is counted', async () => {
  const changed = small
    .replace('m: 5.00', 'm: 5.50')
    .replace('setup: 9.00', 'setup: 0')
    .replace('percent: 10,', 'amounts: { EUR: 1.50 },')
    .replace('    addons: [backup]\n', '')
    .replace('  two:', '  three: { name: Three, prices: { EUR: { m: 1.00, a: 9.00 } } }\n  two:')
  expect(await present.lines(changed)).toEqual([
    '~ products/one/prices/EUR/m  price 5.00 → 5.50',
    '~ products/one/prices/EUR/a  setup 9.00 → 0.00',
    '+ products/three  "Three" with 2 more',
    '~ promo_codes/TEN  kind percent → fixed, percent 10 → none, amounts none → 1.50 EUR',
    '- products/one/addons/backup  removed',
    '~ the order of 1 more',
  ])
})

test('what a file no longer has is retired with all that hangs on it, and comes back as it was', async () => {
  const { apply, lines, offer, idOf } = await shop(small)
  const id = await idOf('one')
  const without = `products: { two: { category: web, name: Two, stock: 5, prices: { EUR: { m: 8.00 } } } }`
  const bare = without.replace('products', 'promo_codes: {}\nproducts')
  expect(await lines(bare)).toEqual([
    '- products/one  "One" retired',
    '- promo_codes/TEN  retired',
    '~ the order of 1 more',
  ])
  await apply(bare)
  const retired = await offer('one')
  expect(retired).toMatchObject({ id, retired: true })
  expect(retired?.form).toHaveLength(1)
  expect(retired?.prices.size).toBe(2)
  await apply(small)
  expect(await offer('one')).toMatchObject({ id, retired: false })
})

test('a choice that a file no longer has stays for who has it', async () => {
  const { apply, offer } = await shop(small)
  await apply(small.replace('small: { title: Small }, ', ''))
  expect((await offer('one'))?.form[0]?.items.map(({ key, retired }) => [key, retired])).toEqual([
    ['small', true],
    ['large', false],
  ])
})

test('a section that a file leaves out stays as it is', async () => {
  expect(await present.lines('categories: { web: { name: Web } }')).toEqual(['Nothing changes.'])
  expect(await present.lines('promo_codes: {}')).toEqual(['- promo_codes/TEN  retired'])
})

test('rates of tax and currencies are never taken away', async () => {
  expect(await present.lines('tax_rates: []\ncurrencies: {}')).toEqual(['Nothing changes.'])
})

test('a rate of tax that has begun keeps its percent, and one to come can be changed', async () => {
  const rates = (begun: number, coming: number) => `tax_rates:
  - { country: CA, name: GST, percent: ${begun}, from: 2008-01-01 }
  - { country: CA, name: GST, percent: ${coming}, from: 2999-01-01 }`
  const { apply, lines } = await shop(small, rates(5, 6))
  await expect(apply(rates(7, 6))).rejects.toThrow(
    'tax_rates/CA/1/2008-01-01/percent: is 5 and has begun, documents were made with it: add a rate from a later day',
  )
  expect(await lines(rates(5, 6))).toEqual(['Nothing changes.'])
  expect(await lines(rates(5, 7))).toEqual(['~ tax_rates/CA/1/2999-01-01  percent 6 → 7'])
})

test('stock that a file adds is added to what is left', async () => {
  const { app, apply, offer, idOf, lines } = await shop(small)
  const id = await idOf('two')
  await app.db.transaction().execute(tx => takeStock(tx, new Map([[id, 3]])))
  expect(await lines(small)).toEqual(['Nothing changes.'])
  await apply(small.replace('stock: 5', 'stock: 6'))
  expect((await offer('two'))?.stock).toBe(3)
  await apply(small.replace('stock: 5', 'stock: 1'))
  expect((await offer('two'))?.stock).toBe(0)
  await apply(small.replace(' stock: 5,', ''))
  expect((await offer('two'))?.stock).toBeNull()
})

test('two products can swap their names', async () => {
  const { apply, offer } = await shop(small)
  await apply(small.replace('name: One', 'name: X').replace('name: Two', 'name: One').replace('name: X', 'name: Two'))
  expect([(await offer('one'))?.name, (await offer('two'))?.name]).toEqual(['Two', 'One'])
})

test('a product of the command line becomes that of the same name in the file, and is found by it still', async () => {
  const { app, apply, idOf } = await shop()
  const ensure = () => app.db.transaction().execute(tx => ensureProduct(tx, { name: 'One', features: [] }))
  const id = await ensure()
  await apply(small)
  expect(await idOf('one')).toBe(id)
  expect(await ensure()).toBe(id)
})

test('only what was seen is applied', async () => {
  const { app, apply } = await shop(small)
  const seen = await planImport(app, small.replace('m: 5.00', 'm: 6.00'))
  await apply(small.replace('m: 5.00', 'm: 7.00'))
  await expect(apply(small.replace('m: 5.00', 'm: 6.00'), seen.fingerprint)).rejects.toThrow(Refusal)
})

test('of several who import at once each sees what the one before has done', async () => {
  const { apply } = await shop()
  const plans = await Promise.all([1, 2, 3, 4].map(() => apply(small)))
  expect(plans.filter(({ changes }) => changes.length > 0)).toHaveLength(1)
})

test('a file that fails half way changes nothing', async () => {
  const { app, apply, lines } = await shop(small)
  await app.db.schema.alterTable('promo_code').addCheckConstraint('lucky', sql`percent <> 13`).execute()
  await expect(apply(small.replace('m: 5.00', 'm: 6.00').replace('percent: 10', 'percent: 13'))).rejects.toThrow()
  expect(await lines(small)).toEqual(['Nothing changes.'])
})

test.each([
  [
    'categories: { web: { name: Web, nam: 1 } }',
    'categories/web/nam: there is no such key; known are name, description',
  ],
  ['category: {}', 'category: there is no such key'],
  ['categories: { Web: { name: Web } }', 'categories/Web: "Web" is not a key'],
  ['categories: [web]', 'categories: is a list, not keys with values'],
  ['categories: { web: {} }', 'categories/web/name: is missing'],
  ['categories: { web: { name: 1 } }', 'categories/web/name: is a number, not a text'],
  [
    'products: { p: { name: P, prices: { EUR: { m: 1.999 } } } }',
    'products/p/prices/EUR/m: is 1.999, not an amount of EUR like 12.34',
  ],
  ['products: { p: { name: P, prices: { JPY: { m: 100 } } } }', 'products/p/prices/JPY: there is no currency JPY'],
  [
    'currencies: { JPY: { decimals: 0, rate: 165 } }\nproducts: { p: { name: P, prices: { JPY: { m: 100.5 } } } }',
    'products/p/prices/JPY/m: is 100.5, not an amount of JPY like 1234',
  ],
  ['products: { p: { name: P, prices: { EUR: { m: -1 } } } }', 'products/p/prices/EUR/m: is -1, not an amount'],
  ['products: { p: { name: P, prices: { EUR: { y: 1 } } } }', 'products/p/prices/EUR/y: "y" is not a cycle'],
  [
    'products: { p: { name: P, paytype: Free, provisioner: manuel } }',
    'products/p/provisioner: is "manuel", not one of none, manual, dns',
  ],
  ['products: { p: { name: P } }', 'products/p/prices: what is Regular needs a price'],
  [
    'products: { p: { name: P, paytype: Free, prices: { EUR: { m: 1 } } } }',
    'products/p/prices: what is Free has no prices',
  ],
  [
    'products: { p: { name: P, paytype: Once, prices: { EUR: { m: 1 } } } }',
    'products/p/prices/EUR/m: what is Once is not paid so',
  ],
  ['products: { p: { name: P, paytype: Free, category: shop } }', 'products/p: category "shop" is not in categories'],
  ['products: { p: { name: P, paytype: Free, addons: [none] } }', 'products/p/addons/none: "none" is not in addons'],
  ['products: { p: { name: P, paytype: Free, upgrades: [p] } }', 'products/p/upgrades/p: is the product itself'],
  [
    'products: { p: { name: P, paytype: Free }, q: { name: P, paytype: Free } }',
    'products/q/name: "P" is the name of another product',
  ],
  [
    'products: { uno: { name: One, paytype: Free } }',
    'products/uno/name: "One" is the name of "one", which the file does not have',
  ],
  [
    'products: { p: { name: P, paytype: Free, form: { f: { type: select, title: F } } } }',
    'products/p/form/f/items: a select needs items',
  ],
  [
    'products: { p: { name: P, paytype: Free, form: { f: { type: slider, title: F } } } }',
    'products/p/form/f/maximum: is missing',
  ],
  [
    'products: { p: { name: P, paytype: Free, form: { f: { type: input, title: F, step: 2 } } } }',
    'products/p/form/f/step: is for qty and slider',
  ],
  [
    'products: { p: { name: P, paytype: Free, form: { f: { type: qty, title: F, prices: { EUR: { m: 1 } } } } } }',
    'products/p/form/f/items/value/prices/EUR/m: the product itself is not sold so',
  ],
  ['products: {}', 'promo_codes/TEN/products/one: product "one" is not in products'],
  ['currencies: { EUR: { decimals: 3, rate: 1 } }', 'currencies/EUR/decimals: are 2 and cannot change'],
  ['currencies: { EUR: { decimals: 2, rate: 0 } }', 'currencies/EUR/rate: is 0, not a number above 0'],
  ['promo_codes: { ten: { percent: 10 } }', 'promo_codes/ten: "ten" is not a code'],
  ['promo_codes: { TEN: {} }', 'promo_codes/TEN: takes either percent or amounts off'],
  ['promo_codes: { TEN: { percent: 101 } }', 'promo_codes/TEN/percent: is 101, not a percentage'],
  ['promo_codes: { TEN: { percent: 1, starts: 2026-02-30 } }', 'promo_codes/TEN/starts: is "2026-02-30", not a day'],
  [
    'promo_codes: { TEN: { percent: 1, starts: 2026-02-02, ends: 2026-02-01 } }',
    'promo_codes/TEN/ends: is before the day it starts',
  ],
  ['tlds: { com: { prices: {} } }', 'tlds/com: "com" is not a TLD with its dot'],
  [
    'tlds: { .com: { prices: { EUR: { register: { 11: 1 } } } } }',
    'tlds/.com/prices/EUR/register/11: "11" is not a number of years',
  ],
  [
    'tax_rates: [{ country: CA, name: GST, percent: 5, from: 2008-01-01 }, { country: CA, name: GST, percent: 6, from: 2008-01-01 }]',
    'tax_rates/CA/1/2008-01-01: is there twice',
  ],
  [
    'tax_rates: [{ country: CA, state: QC, name: QST, percent: 5, from: 2008-01-01 }, { country: CA, state: Québec, name: QST, percent: 6, from: 2008-01-01 }]',
    'tax_rates/CA/QC/1/2008-01-01: is there twice',
  ],
  [
    'payment_methods: { bank: { driver: bank, name: Bank, fixed_fees: { EUR: x } } }',
    'payment_methods/bank/fixed_fees/EUR: is "x", not an amount',
  ],
  [`promo_codes: &a {}\ntags: [${Array(101).fill('*a').join(', ')}]`, 'more than 100 aliases'],
  ['categories: { web: { name: Web }, web: { name: Web } }', 'Map keys must be unique'],
  ['categories: {', 'Flow map'],
  ['- categories', 'is a list, not keys with values'],
])('is refused with its place and reason: %s', async (source, message) => {
  const error = await planImport(shared, source).then(
    () => 'not refused',
    (reason: unknown) => (reason instanceof CatalogueError ? reason.message : reason),
  )
  expect(error).toContain(message)
})

test('all that is wrong with a file is told at once', async () => {
  const bad = 'categories: { a: {}, b: {} }\npromo_codes: { X1: {}, X2: { percent: x } }'
  const error = await planImport(shared, bad).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(CatalogueError)
  // Two names are missing, two promo codes are wrong, and two products lose their category.
  expect(String(error).split('\n')).toHaveLength(6)
})

test('what one part of a file lacks does not hide what is wrong with the others, nor is it told again where it is named', async () => {
  const bad = `
colours: {}
currencies: { EUR: { decimals: 2, rate: 0 }, JPY: { decimals: 1, rate: 165 } }
categories: { web: {}, shelf: { name: Shelf } }
addons: [backup]
products:
  one: { category: web, name: 1, prices: { EUR: { m: 5.00 }, JPY: { m: 100 } } }
  uno: { category: shop, name: One, paytype: Free, addons: [backup], upgrades: [one] }
  two: { category: shelf, name: Two, addons: [backup] }
  three: { name: Three, prices: { EUR: { m: 1.999, y: 1 } } }
promo_codes:
  TEN: { percent: 10, products: { one: {}, four: {} } }
  ALL: { percent: x }
  NONE: {}
tax_rates: [{ country: EL }, { country: CA, name: GST, percent: 110, from: 2008-01-01 }]
`
  const error = await planImport(shared, bad).catch((reason: unknown) => reason)
  const problems = error instanceof CatalogueError ? error.problems : []
  expect(problems.map(({ path, reason }) => `${path} ${reason}`).sort()).toEqual([
    'addons is a list, not keys with values',
    'categories/web/name is missing',
    expect.stringContaining('colours there is no such key'),
    'currencies/EUR/rate is 0, not a number above 0 with at most 8 decimals',
    'currencies/JPY/decimals is 1, not one of 0, 2, 3',
    'products/one/name is a number, not a text',
    'products/three/prices/EUR/m is 1.999, not an amount of EUR like 12.34',
    expect.stringContaining('products/three/prices/EUR/y "y" is not a cycle'),
    'products/two/prices what is Regular needs a price',
    'products/uno category "shop" is not in categories',
    'promo_codes/ALL/percent is "x", not a percentage above 0 and up to 100 with at most three decimals',
    'promo_codes/NONE takes either percent or amounts off',
    'promo_codes/TEN/products/four product "four" is not in products',
    'tax_rates/1/country is "EL", not a country of ISO 3166-1 like EE (Greece is GR)',
    'tax_rates/1/from is missing',
    'tax_rates/1/name is missing',
    'tax_rates/1/percent is missing',
    'tax_rates/2/percent is 110, not a percentage from 0 to 100 with at most three decimals',
  ])
})
