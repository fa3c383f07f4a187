import { afterAll, describe, expect, test } from 'vitest'
import { testApp } from '../../../test/app.ts'
import { importDemoCatalogue } from '../../../test/catalogue.ts'
import { recordQueries } from '../../db/query-log.ts'
import { Refusal } from '../../refusal.ts'
import { productCharges, readCycle, tldCharges } from './charges.ts'
import { readAddons, readSubproducts } from './extras.ts'
import { offeredProduct } from './offered.ts'
import { loadOffers, type Wanted } from './offers-store.ts'

const app = await testApp()
afterAll(() => app.close())
const { products, addons, tlds } = await importDemoCatalogue(app)
const id = (of: Readonly<Record<string, string>>, key: string) => of[key] ?? 'missing'

async function load(wanted: Wanted, currency = 'EUR') {
  return loadOffers(app.db, wanted, currency)
}
async function web(currency = 'EUR') {
  const offers = await load({ productIds: [id(products, 'web-m')] }, currency)
  return { offers, product: offeredProduct(offers, id(products, 'web-m')) }
}

function fieldsOf(work: () => unknown) {
  try {
    work()
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code, ...error.detail.fields }
    throw error
  }
  return 'not refused'
}

describe('offers', () => {
  test('are one query, however many things a cart holds', async () => {
    const wanted = {
      productIds: Object.values(products),
      addonIds: Object.values(addons),
      tldIds: Object.values(tlds),
      withUpgrades: true,
    }
    const { result, queries } = await recordQueries(() => load(wanted))
    expect(queries).toHaveLength(1)
    expect([result.products.size, result.addons.size, result.tlds.size]).toEqual([8, 4, 4])
  })

  test('hold a product with its form and with what is sold with it, in the order of the file', async () => {
    const { offers, product } = await web()
    expect(product).toMatchObject({ key: 'web-m', kind: 'hosting', hostName: 'required', provisioner: 'manual' })
    expect([...product.prices.keys()]).toEqual(['m', 'q', 'a', 'b', 't'])
    expect(product.form.map(field => [field.key, field.type, field.items.length])).toEqual([
      ['disk', 'select', 3],
      ['php', 'radio', 3],
      ['mailboxes', 'slider', 1],
      ['databases', 'qty', 1],
      ['shield', 'checkbox', 1],
      ['ftp-user', 'input', 1],
      ['wishes', 'textarea', 1],
    ])
    expect(product.addonIds.map(each => offers.addons.get(each)?.key)).toEqual([
      'extra-address',
      'daily-backup',
      'move-in',
      'uptime-report',
    ])
    expect(product.subproductIds.map(each => offers.products.get(each)?.key)).toEqual(['dns-hosting', 'dns-ten'])
    expect(product.upgradeIds).toEqual([id(products, 'web-l')])
    expect(offers.products.has(id(products, 'web-l'))).toBe(false)
  })

  test.each([
    ['EUR', 2, 999n],
    ['JPY', 0, 1650n],
    ['KWD', 3, 3300n],
  ] as const)('in %s are in its minor units', async (currency, exponent, priceMinor) => {
    const { offers, product } = await web(currency)
    expect(offers.currency).toEqual({ code: currency, exponent })
    expect(product.prices.get('m')).toEqual({ priceMinor, setupMinor: 0n })
  })

  test('with upgrades hold what a product can become', async () => {
    const offers = await load({ productIds: [id(products, 'web-s')], withUpgrades: true })
    const upgrades = offers.products.get(id(products, 'web-s'))?.upgradeIds.map(each => offers.products.get(each)?.key)
    expect(upgrades).toEqual(['web-m', 'web-l'])
  })

  test('of what does not exist are missing, and it is not found', async () => {
    const offers = await load({ productIds: ['999999999'], tldIds: ['999999999'] })
    expect(offers.products.size).toBe(0)
    expect(fieldsOf(() => offeredProduct(offers, '999999999'))).toEqual({ code: 'not_found' })
    expect(offers.tlds.size).toBe(0)
  })

  test('of a currency that there is not are a fault of the program', async () => {
    await expect(load({ productIds: [id(products, 'web-m')] }, 'XTS')).rejects.toThrow('no currency XTS')
  })
})

describe('prices', () => {
  test('of a product are its own and those of what was chosen', async () => {
    const { product } = await web()
    const chosen = { label: 'Disk', quantity: 1, unitMinor: 400n, setupMinor: 0n }
    expect(productCharges(product, 'm', [chosen])).toEqual([
      { label: 'Web hosting M', quantity: 1, unitMinor: 999n, setupMinor: 0n },
      chosen,
    ])
  })

  test('of a cycle that is not sold, in this currency or at all, are refused by its name', async () => {
    const { product } = await web()
    const refused = { code: 'field_format_error', cycle: ['field_format_error'] }
    for (const cycle of ['h', 'p5', 'Once', 'Free', 'y1', 'x'])
      expect(fieldsOf(() => readCycle(product, cycle))).toEqual(refused)
    expect(readCycle(product, undefined)).toBe('m')
    await app.db.insertInto('currency').values({ code: 'CHF', exponent: 2, rate: 1 }).execute()
    const inFrancs = await web('CHF')
    for (const cycle of ['m', undefined]) expect(fieldsOf(() => readCycle(inFrancs.product, cycle))).toEqual(refused)
  })

  test('of what is free are nothing, in every currency', async () => {
    const offers = await load({ productIds: [id(products, 'dns-hosting')] }, 'USD')
    const free = offeredProduct(offers, id(products, 'dns-hosting'))
    expect(readCycle(free, undefined)).toBe('Free')
    expect(productCharges(free, 'Free')).toMatchObject([{ unitMinor: 0n, setupMinor: 0n }])
  })

  test('of domains are by action and years', async () => {
    const offers = await load({ tldIds: [id(tlds, '.org')] })
    const org = offers.tlds.get(id(tlds, '.org'))
    if (org === undefined) throw new Error('.org is not offered')
    expect(tldCharges(org, 'register', 1)).toEqual({
      cycle: 'y1',
      charges: [{ label: 'Registration of .org, 1 year', quantity: 1, unitMinor: 950n, setupMinor: 0n }],
    })
    expect(tldCharges(org, 'register', 2).charges).toMatchObject([{ unitMinor: 2400n }])
    expect(tldCharges(org, 'renew', 10).charges).toMatchObject([{ unitMinor: 12_000n }])
    expect(tldCharges(org, 'redemption', 1).charges).toMatchObject([{ unitMinor: 6000n }])
    const refused = { code: 'field_format_error', years: ['field_format_error'] }
    for (const years of [0, 11, -1, 1.5]) expect(fieldsOf(() => tldCharges(org, 'register', years))).toEqual(refused)
    expect(fieldsOf(() => tldCharges(org, 'transfer', 2))).toEqual(refused)
  })
})

describe('what is bought with a product', () => {
  test('is read with its own cycle, or that of the product, or its first', async () => {
    const { offers, product } = await web()
    const [address, backup, move] = ['extra-address', 'daily-backup', 'move-in'].map(key => id(addons, key))
    const chosen = { [address ?? '']: '1', [backup ?? '']: 'on', [move ?? '']: 1, [id(addons, 'uptime-report')]: 0 }
    const read = readAddons(offers, product, { chosen, cycles: { [backup ?? '']: 'a' } }, 'q')
    expect(read.map(({ addon, cycle, charges }) => [addon.key, cycle, charges[0]?.unitMinor])).toEqual([
      ['extra-address', 'q', 600n],
      ['daily-backup', 'a', 3300n],
      ['move-in', 'Once', 4900n],
    ])
  })

  test('is another product with its own defaults', async () => {
    const { offers, product } = await web()
    const chosen = { [id(products, 'dns-ten')]: 1, [id(products, 'dns-hosting')]: true }
    const read = readSubproducts(offers, product, { chosen, cycles: undefined }, 'a')
    expect(read.map(each => [each.product.key, each.cycle, each.charges[0]?.unitMinor]).sort()).toEqual([
      ['dns-hosting', 'Free', 0n],
      ['dns-ten', 'a', 1000n],
    ])
  })

  test.each([
    ['an addon that is not sold with it', { '999999999': 1 }, {}, 'addon[999999999]'],
    ['two of it', { address: 2 }, {}, 'addon[address]'],
    ['less than none of it', { address: -1 }, {}, 'addon[address]'],
    ['a cycle that it is not sold in', { address: 1 }, { address: 'b' }, 'addon_cycles[address]'],
    ['a cycle that is none', { address: 1 }, { address: { m: 1 } }, 'addon_cycles[address]'],
    ['a cycle of what is not sold with it', {}, { '999999999': 'm' }, 'addon_cycles[999999999]'],
    ['no tree', 'address', {}, 'addon'],
  ])('is refused where it is %s', async (_, chosen, cycles, name) => {
    const { offers, product } = await web()
    const address = id(addons, 'extra-address')
    const named = <T>(tree: T): unknown =>
      typeof tree === 'object' ? JSON.parse(JSON.stringify(tree).replaceAll('"address"', `"${address}"`)) : tree
    const field = name.replace('address', address)
    const extras = { chosen: named(chosen), cycles: named(cycles) }
    expect(fieldsOf(() => readAddons(offers, product, extras, 'm'))).toEqual({
      code: 'field_format_error',
      [field]: ['field_format_error'],
    })
  })
})
