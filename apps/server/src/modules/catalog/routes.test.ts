import { type AnyOperation, contract } from '@innkeeper/contract'
import { afterAll, describe, expect, test } from 'vitest'
import { testApp } from '../../../test/app.ts'
import { importDemoCatalogue } from '../../../test/catalogue.ts'
import { seedAccount } from '../../../test/seed.ts'
import { userHttp } from '../../../test/user-http.ts'
import { fixedClock } from '../../clock.ts'
import { recordQueries } from '../../db/query-log.ts'
import type { Implementation } from '../../http/implement.ts'
import { loadOffers, readAddons, readChoices, readSubproducts } from './index.ts'
import { catalogHandlers } from './routes.ts'

const app = await testApp({ timeZone: 'Europe/Tallinn' }, fixedClock(new Date('2026-11-22T10:00:00Z')))
const { products, categories } = await importDemoCatalogue(app)
const { identity, accountId } = await seedAccount(app)
const handlers = catalogHandlers as unknown as Record<string, Implementation['handle']> // by name here, typed there
const implementations = Object.entries(contract.cart).flatMap(([name, operation]) => {
  const handle = handlers[name]
  return handle === undefined ? [] : [{ operation: operation as unknown as AnyOperation, handle }] // narrower types
})
const server = userHttp(app, implementations, async () => identity)
afterAll(async () => {
  await server.close()
  await app.close()
})

async function get(path: string) {
  const answer = await server.inject({ url: `/api${path}`, headers: { authorization: 'Bearer one' } })
  return { status: answer.statusCode, body: answer.json() }
}
async function inCurrency<T>(currency: string, work: () => Promise<T>): Promise<T> {
  await app.db.updateTable('account').set({ currency }).where('id', '=', accountId).execute()
  try {
    return await work()
  } finally {
    await app.db.updateTable('account').set({ currency: 'EUR' }).where('id', '=', accountId).execute()
  }
}
const notFound = { status: 404, body: { success: false, error: ['not_found'] } }
const productOf = async (key: string) => (await get(`/order/${products[key]}`)).body.product
const fieldOf = async (title: string) => {
  const { config } = await productOf('web-m')
  return config.forms.find((field: { title: string }) => field.title === title)
}

describe('the list of categories', () => {
  test('is in the order of the file, and paged where a page is asked for', async () => {
    const { body } = await get('/category')
    expect(body.categories.map(({ slug }: { slug: string }) => slug)).toEqual([
      'web-hosting',
      'servers',
      'dns',
      'domains',
    ])
    expect(body).not.toHaveProperty('page')
    expect(await get('/category?page=1&perpage=3')).toMatchObject({
      body: { categories: [{ slug: 'domains' }], page: { current: 1, total: 2 } },
    })
  })
})

describe('the products of a category', () => {
  const path = `/category/${categories['web-hosting']}/product`

  test('have the documented types', async () => {
    const { body } = await get(path)
    expect(body.products[0]).toEqual({
      id: products['web-s'],
      type: '1',
      name: 'Web hosting S',
      stock: false,
      paytype: 'Regular',
      description: '5 GB of disk, 10 mailboxes',
      qty: '0',
      tags: ['hosting'],
      periods: [
        { title: 'm', value: 'm', price: 4, setup: 0, selected: true },
        { title: 'a', value: 'a', price: 40, setup: 0, selected: false },
        { title: 'b', value: 'b', price: 76, setup: 0, selected: false },
      ],
    })
    expect(body.products[2]).toMatchObject({ name: 'Web hosting L', stock: true, qty: '40' })
  })

  test('are paged, and one query whatever their number', async () => {
    const { result, queries } = await recordQueries(() => get(`${path}?page=1&perpage=2`))
    expect(result.body).toMatchObject({ products: [{ name: 'Web hosting L' }], page: { current: 1, total: 2 } })
    expect(queries).toHaveLength(1)
  })

  test('are those with a price in the currency of the account', async () => {
    await inCurrency('JPY', async () => {
      const { body } = await get(path)
      expect(body.products[0].periods[0]).toMatchObject({ value: 'm', price: 660 })
    })
    await app.db.insertInto('currency').values({ code: 'CHF', exponent: 2, rate: 1 }).execute()
    await inCurrency('CHF', async () => {
      expect((await get(path)).body.products).toEqual([])
      expect((await get(`/category/${categories.dns}/product`)).body.products).toMatchObject([{ name: 'DNS hosting' }])
      expect(await get(`/order/${products['web-m']}`)).toEqual(notFound)
    })
  })

  test('of a category that is not there are not found', async () => {
    expect(await get('/category/999999999/product')).toEqual(notFound)
  })
})

describe('a product', () => {
  test('shows the name of every field that orders it', async () => {
    const product = await productOf('web-m')
    expect(product).toMatchObject({ category_name: 'Web hosting', price: 9.99, recurring: 'm', recurring_price: 9.99 })
    expect(product.config.product.map(({ name, type }: Record<string, string>) => [name, type])).toEqual([
      ['cycle', 'select'],
      ['domain', 'input'],
    ])
    const names = product.config.forms.map(({ name, id, firstItemId, type }: Record<string, string>) => {
      const oneOf = type === 'select' || type === 'radio'
      return name === (oneOf ? `custom[${id}]` : `custom[${id}][${firstItemId}]`)
    })
    expect(names).toEqual(Array(7).fill(true))
    expect(product.config.addons[0].config.map(({ name }: { name: string }) => name.replace(/\d+/, 'n'))).toEqual([
      'addon[n]',
      'addon_cycles[n]',
    ])
    expect(product.config.subproducts[0].config[0].name).toBe(`subproducts[${products['dns-hosting']}]`)
  })

  test('marks the cycle that an order without one buys, in the list too, and for what is bought with it', async () => {
    type Period = { value: string; selected: boolean }
    const marked = (periods: Period[]) => periods.filter(each => each.selected).map(each => each.value)
    const { config } = await productOf('vps-1')
    expect(config.product[0].items.map(({ value }: Period) => value)).toEqual(['h', 'm', 'a'])
    expect([config.product[0].value, marked(config.product[0].items)]).toEqual(['m', ['m']])
    const { body } = await get(`/category/${categories.servers}/product`)
    const listed = body.products.find(({ id }: { id: string }) => id === products['vps-1'])
    expect(marked(listed.periods)).toEqual(['m'])
    const offers = await loadOffers(app.db, { productIds: [products['web-m'] ?? ''] }, 'EUR')
    const offer = offers.products.get(products['web-m'] ?? '')
    const extras = (await productOf('web-m')).config
    for (const name of ['addons', 'subproducts'] as const) {
      const [{ id, config: fields }] = extras[name]
      const read = name === 'addons' ? readAddons : readSubproducts
      const [bought] = offer ? read(offers, offer, { chosen: { [id]: 1 }, cycles: undefined }, 'm') : []
      expect(marked(fields[1].items)).toEqual([bought?.cycle])
    }
  })

  test('shows what is chosen unless something else is', async () => {
    const disk = await fieldOf('Disk')
    expect(disk).toMatchObject({ type: 'select', required: false, multiple: false, config: { conditionals: [] } })
    expect(disk.value).toEqual([disk.firstItemId])
    expect(disk.items[1]).toEqual({
      title: '50 GB',
      value: 1,
      id: disk.firstItemId + 1,
      price: 4,
      setup: 0,
      selected: false,
    })
    expect(disk.items[0].selected).toBe(true)
  })

  test('shows the limits of quantities', async () => {
    expect((await fieldOf('Further mailboxes')).config).toEqual({
      conditionals: [],
      minvalue: 0,
      maxvalue: 500,
      step: 50,
    })
  })

  test('that is billed to a day of the month shows the day its first period ends', async () => {
    expect(await productOf('web-l')).toMatchObject({ prorata_date: '2026-12-01', setup: 15 })
  })

  test('that is free or paid once shows no later price', async () => {
    expect(await productOf('dns-hosting')).toMatchObject({ price: 0, recurring: 'Free', recurring_price: 0 })
    expect(await productOf('dns-setup')).toMatchObject({ price: 60, recurring: 'Once', recurring_price: 0 })
  })

  test('sends back, as it is shown, what an order takes', async () => {
    const { config } = await productOf('web-m')
    const custom: Record<string, unknown> = {}
    for (const { id, value } of config.forms) if (value.length > 0) custom[id] = value[0]
    const offers = await loadOffers(app.db, { productIds: [products['web-m'] ?? ''] }, 'EUR')
    const offer = offers.products.get(products['web-m'] ?? '')
    if (offer === undefined) throw new Error('the product is gone')
    expect(readChoices(offer, custom, 'm')).toEqual(readChoices(offer, undefined, 'm'))
  })

  test('that is retired, or in no category, is not found', async () => {
    const { id } = await app.db
      .insertInto('product')
      .values({ name: 'Of the command line' })
      .returning('id')
      .executeTakeFirstOrThrow()
    expect(await get(`/order/${id}`)).toEqual(notFound)
    const old = products['web-s'] ?? ''
    await app.db.updateTable('product').set({ retired_at: new Date() }).where('id', '=', old).execute()
    expect(await get(`/order/${old}`)).toEqual(notFound)
    expect(await get('/order/999999999')).toEqual(notFound)
  })
})
