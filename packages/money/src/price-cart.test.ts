import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sum } from './amount.ts'
import type { Cart, CartLine, Promo } from './cart.ts'
import { cycles } from './cycle.ts'
import { priceCart } from './price-cart.ts'
import type { TaxTreatment } from './tax.ts'

const euro = { code: 'EUR', exponent: 2 } as const
const standard = (percent: number, inclusive = false): TaxTreatment => ({
  inclusive,
  rates: [{ level: 1, name: 'VAT', percent }],
  category: 'S',
  reason: '',
})
const line = (key: string, unitMinor: bigint, more: Partial<CartLine> = {}): CartLine => ({
  ...{ key, type: 'Hosting', description: key, cycle: 'm', taxed: true },
  charges: [{ label: key, quantity: 1, unitMinor, setupMinor: 0n }],
  ...more,
})

const minor = fc.bigInt({ min: 0n, max: 10_000_000n })
const percent = fc.integer({ min: 0, max: 40_000 })
const treatment: fc.Arbitrary<TaxTreatment> = fc.record({
  inclusive: fc.boolean(),
  rates: fc.oneof(
    fc.constant([]),
    percent.map(value => [{ level: 1 as const, name: 'VAT', percent: value }]),
    fc.tuple(percent, percent).map(([first, second]) => [
      { level: 1 as const, name: 'GST', percent: first },
      { level: 2 as const, name: 'QST', percent: second },
    ]),
  ),
  category: fc.constantFrom('S', 'AE', 'O'),
  reason: fc.constant(''),
})
const cartLine: fc.Arbitrary<CartLine> = fc
  .record({
    type: fc.constantFrom('Hosting', 'Addon', 'Upgrade'),
    description: fc.constant('thing'),
    cycle: fc.constantFrom(...cycles),
    charges: fc.array(
      fc.record({
        label: fc.constant('choice'),
        quantity: fc.integer({ min: 0, max: 50 }),
        unitMinor: minor,
        setupMinor: fc.oneof(fc.constant(0n), minor),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    part: fc.option(fc.record({ numerator: fc.integer({ min: 0, max: 31 }), denominator: fc.constant(31) }), {
      nil: undefined,
    }),
    taxed: fc.boolean(),
    creditMinor: fc.oneof(fc.constant(0n), minor),
  })
  .map(({ part, ...rest }) => ({ key: '', ...rest, ...(part === undefined ? {} : { part }) }) as CartLine)
const anyCart: fc.Arbitrary<Cart> = fc
  .record({
    lines: fc.array(cartLine, { minLength: 1, maxLength: 20 }),
    tax: treatment,
    discount: fc.option(
      fc.record({
        discount: fc.oneof(
          fc.integer({ min: 1, max: 100_000 }).map(value => ({ percent: value })),
          minor.map(amountMinor => ({ amountMinor })),
        ),
        recurring: fc.boolean(),
        withSetup: fc.boolean(),
      }),
      { nil: undefined },
    ),
    fee: fc.option(fc.record({ name: fc.constant('Card'), fixedMinor: minor, percent }), { nil: undefined }),
  })
  .map(({ lines, tax, discount, fee }): Cart => {
    const keyed = lines.map((each, index) => ({ ...each, key: String(index) }))
    const promo: Promo | undefined = discount && { code: 'ADA', ...discount, appliesTo: new Set(['0', '2', '4']) }
    return { currency: euro, lines: keyed, tax, ...(promo && { promo }), ...(fee && { fee }) }
  })

test('the sums of a document are the sums of its lines, to the last unit', () => {
  fc.assert(
    fc.property(anyCart, cart => {
      const priced = priceCart(cart)
      expect(sum(priced.lines.map(each => each.netMinor))).toBe(priced.subtotalMinor)
      expect(sum(priced.lines.map(each => each.taxMinor))).toBe(priced.taxMinor + priced.tax2Minor)
      expect(priced.totalMinor).toBe(priced.subtotalMinor + priced.taxMinor + priced.tax2Minor)
      expect(sum(priced.groups.map(group => group.taxMinor))).toBe(priced.taxMinor + priced.tax2Minor)
      expect(sum(priced.groups.filter(group => group.level === 1).map(group => group.baseMinor))).toBe(
        priced.subtotalMinor,
      )
      expect(priced.totalMinor >= 0n).toBe(true)
      if (cart.tax.inclusive) expect(priced.totalMinor).toBe(sum(priced.lines.map(each => each.amountMinor)))
    }),
    { numRuns: 500 },
  )
})

test('no cart line, with what is taken off it, costs less than nothing', () => {
  fc.assert(
    fc.property(anyCart, cart => {
      const { lines } = priceCart(cart)
      for (const { key } of cart.lines) {
        expect(sum(lines.filter(each => each.key === key).map(each => each.amountMinor)) >= 0n).toBe(true)
      }
    }),
  )
})

test('each tax is its rate of its base, to half a unit; of prices that hold it, to one', () => {
  fc.assert(
    fc.property(anyCart, cart => {
      for (const group of priceCart(cart).groups) {
        const off = group.taxMinor * 100_000n - group.baseMinor * BigInt(group.percent)
        expect((off < 0n ? -off : off) <= (cart.tax.inclusive ? 200_000n : 50_000n)).toBe(true)
      }
    }),
  )
})

test('tax is rounded once on the document, not line by line', () => {
  const lines = ['a', 'b', 'c'].map(key => line(key, 5n))
  const priced = priceCart({ currency: euro, lines, tax: standard(10_000) }) // 10 % of 0.05 each would be 0.03 in all
  expect(priced.taxMinor).toBe(2n)
  expect(priced.lines.map(each => each.taxMinor)).toEqual([1n, 1n, 0n])
})

test('the documented example: 24 % of 20.00, with a fee that is taxed too', () => {
  const fee = { name: 'Card', fixedMinor: 20n, percent: 1_500 }
  const priced = priceCart({ currency: euro, lines: [line('a', 2000n)], tax: standard(24_000), fee })
  expect(priced.lines.map(each => [each.role, each.itemId, each.amountMinor])).toEqual([
    ['item', '0', 2000n],
    ['fee', '-2', 50n],
  ])
  expect([priced.subtotalMinor, priced.taxMinor, priced.totalMinor]).toEqual([2050n, 492n, 2542n])
})

test('discounts spare setup fees unless they say otherwise, and last only if they recur', () => {
  const withSetup = line('a', 1000n, { charges: [{ label: 'a', quantity: 1, unitMinor: 1000n, setupMinor: 500n }] })
  const half = (more: Partial<Promo>): Promo => ({
    ...{ code: 'HALF', discount: { percent: 50_000 }, recurring: false, withSetup: false, appliesTo: new Set(['a']) },
    ...more,
  })
  const price = (promo: Promo) => priceCart({ currency: euro, lines: [withSetup], tax: standard(0), promo })
  expect(price(half({})).totalMinor).toBe(1000n)
  expect(price(half({ withSetup: true })).totalMinor).toBe(750n)
  expect(price(half({})).recurring).toEqual([{ cycle: 'm', totalMinor: 1000n }])
  expect(price(half({ recurring: true })).recurring).toEqual([{ cycle: 'm', totalMinor: 500n }])
  expect(price(half({ discount: { amountMinor: 9999n } })).totalMinor).toBe(500n)
})

test('what is not taxed stands in a group of its own', () => {
  const priced = priceCart({
    currency: euro,
    lines: [line('a', 1000n), line('b', 300n, { taxed: false })],
    tax: standard(20_000),
  })
  expect(priced.groups.map(group => [group.category, group.baseMinor, group.taxMinor])).toEqual([
    ['S', 1000n, 200n],
    ['E', 300n, 0n],
  ])
})

test('a domain is registered for one price and renewed for another', () => {
  const renewal = [{ label: 'example.org', quantity: 1, unitMinor: 1500n, setupMinor: 0n }]
  const domain = line('a', 950n, { cycle: 'y1', type: 'Domain Register', laterCharges: renewal })
  const priced = priceCart({ currency: euro, lines: [domain], tax: standard(20_000) })
  expect(priced.totalMinor).toBe(1140n)
  expect(priced.recurring).toEqual([{ cycle: 'y1', totalMinor: 1800n }])
  expect(priced.periodMinor.get('a')).toBe(1500n)
})

test('a rate of nothing takes nothing, not even the unit that rounding leaves', () => {
  fc.assert(
    fc.property(minor, percent, (price, first) => {
      const rates = [
        { level: 1 as const, name: 'GST', percent: first },
        { level: 2 as const, name: 'QST', percent: 0 },
      ]
      const tax = { inclusive: true, rates, category: 'S' as const, reason: '' }
      expect(priceCart({ currency: euro, lines: [line('a', price)], tax }).tax2Minor).toBe(0n)
    }),
  )
})
