import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Refusal } from '../../refusal.ts'
import { configCharges, readChoices } from './choices.ts'
import type { FieldType, OfferedField, OfferedItem, Prices, ProductOffer } from './offer.ts'

const monthly = (priceMinor: bigint, setupMinor = 0n): Prices => new Map([['m', { priceMinor, setupMinor }]])
const free: Prices = new Map()

function item(id: string, prices: Prices, more: Partial<OfferedItem> = {}): OfferedItem {
  return { id, key: id, title: `Item ${id}`, selected: false, retired: false, priced: prices.size > 0, prices, ...more }
}

function field(id: string, type: FieldType, items: OfferedItem[], more: Partial<OfferedField> = {}): OfferedField {
  const limits = { minimum: 0, maximum: null, step: 1 }
  const texts = { key: id, title: `Field ${id}`, description: '' }
  return { id, type, items, ...texts, ...limits, required: false, retired: false, config: {}, ...more }
}

const select = field('1', 'select', [
  item('10', monthly(0n), { selected: true }),
  item('11', monthly(400n, 100n)),
  item('12', new Map([['a', { priceMinor: 900n, setupMinor: 0n }]])),
  item('13', monthly(1n), { retired: true }),
])
const radio = field('2', 'radio', [item('20', free), item('21', free)], { required: true })
const checkbox = field('3', 'checkbox', [item('30', monthly(500n))])
const qty = field('4', 'qty', [item('40', monthly(50n))], { maximum: 20 })
const slider = field('5', 'slider', [item('50', monthly(2n))], { minimum: 10, maximum: 50, step: 10 })
const input = field('6', 'input', [item('60', monthly(7n))])
const textarea = field('7', 'textarea', [item('70', free)])
const gone = field('8', 'checkbox', [item('80', monthly(3n))], { retired: true })

function productWith(form: readonly OfferedField[]): ProductOffer {
  return {
    id: '100',
    key: 'web',
    name: 'Web hosting',
    description: '',
    category: { id: '1', name: 'Hosting' },
    kind: 'hosting',
    paytype: 'Regular',
    tags: [],
    stock: null,
    taxed: true,
    hostName: 'optional',
    prorataDay: null,
    provisionOn: 'payment',
    provisioner: 'none',
    provisionerOptions: {},
    features: [],
    dnsZoneLimit: null,
    retired: false,
    prices: new Map([
      ['m', { priceMinor: 999n, setupMinor: 0n }],
      ['a', { priceMinor: 9990n, setupMinor: 0n }],
    ]),
    form,
    addonIds: [],
    subproductIds: [],
    upgradeIds: [],
  }
}

const product = productWith([select, radio, checkbox, qty, slider, input, textarea, gone])
const least = { '2': '20' }

function refusalOf(work: () => unknown): Refusal['detail'] & { code: string } {
  try {
    work()
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code, ...error.detail }
    throw error
  }
  throw new Error('was not refused')
}

describe('what is chosen', () => {
  test('has the defaults of what is not sent', () => {
    const { config, charges } = readChoices(product, { '2': { '21': 1 } }, 'm')
    expect(config).toEqual({ '1': { '10': 1 }, '2': { '21': 1 }, '5': { '50': 10 } })
    expect(charges).toEqual([
      { label: 'Field 1: Item 10', quantity: 1, unitMinor: 0n, setupMinor: 0n },
      { label: 'Field 2: Item 21', quantity: 1, unitMinor: 0n, setupMinor: 0n },
      { label: 'Field 5', quantity: 10, unitMinor: 2n, setupMinor: 0n },
    ])
  })

  test.each([
    ['an item by its number', { '1': 11 }, { '1': { '11': 1 } }],
    ['an item by its text', { '1': '11' }, { '1': { '11': 1 } }],
    ['an item with a quantity, as documented', { '1': { '11': 1 } }, { '1': { '11': 1 } }],
    ['the same in PHP brackets', { '1': { '11': '1' } }, { '1': { '11': 1 } }],
    ['one of several with 0 beside it', { '1': { '10': '0', '11': '1' } }, { '1': { '11': 1 } }],
    ['a checkbox, on', { '3': 'on' }, { '3': { '30': 1 } }],
    ['a checkbox by its item', { '3': { '30': true } }, { '3': { '30': 1 } }],
    ['a checkbox by the id of its item', { '3': '30' }, { '3': { '30': 1 } }],
    ['a checkbox, off', { '3': 'off' }, {}],
    ['a quantity', { '4': '20' }, { '4': { '40': 20 } }],
    ['a quantity by its item', { '4': { '40': 3 } }, { '4': { '40': 3 } }],
    ['none of it', { '4': 0 }, {}],
    ['a step of a slider', { '5': 30 }, { '5': { '50': 30 } }],
    ['a text', { '6': ' ada ' }, { '6': { '60': 'ada' } }],
    ['a text by its item', { '6': { '60': 'ada' } }, { '6': { '60': 'ada' } }],
    ['a text that is a number', { '6': 7 }, { '6': { '60': '7' } }],
    ['an empty text', { '6': '' }, {}],
    ['several lines', { '7': 'one\r\ntwo' }, { '7': { '70': 'one\r\ntwo' } }],
  ])('may be sent as %s', (_, custom, expected) => {
    const { config } = readChoices(product, { ...least, '1': '10', ...custom }, 'm')
    expect(config).toEqual({ '1': { '10': 1 }, '2': { '20': 1 }, '5': { '50': 10 }, ...expected })
  })

  test('is nothing when nothing is sent, in each way of sending nothing', () => {
    const optional = productWith([checkbox, input])
    for (const nothing of [undefined, null, '', [], {}])
      expect(readChoices(optional, nothing, 'm')).toEqual({ config: {}, charges: [] })
  })

  test('costs its price for each and its setup once', () => {
    const { charges } = readChoices(product, { ...least, '1': 11, '4': 3, '6': 'x' }, 'm')
    expect(charges).toContainEqual({ label: 'Field 1: Item 11', quantity: 1, unitMinor: 400n, setupMinor: 100n })
    expect(charges).toContainEqual({ label: 'Field 4', quantity: 3, unitMinor: 50n, setupMinor: 0n })
    expect(charges).toContainEqual({ label: 'Field 6', quantity: 1, unitMinor: 7n, setupMinor: 0n })
  })
})

describe('what is refused', () => {
  test.each([
    ['an item of another field', { '1': '20' }],
    ['an item that does not exist', { '1': { '999': 1 } }],
    ['a retired item', { '1': '13' }],
    ['an item without a price in the cycle', { '1': '12' }],
    ['two items of one', { '1': { '10': 1, '11': 1 } }],
    ['two of an item', { '1': { '11': 2 } }],
    ['a negative quantity of an item', { '1': { '11': -1 } }],
    ['half an item', { '1': { '11': '0.5' } }],
    ['a checkbox neither on nor off', { '3': 'perhaps' }],
    ['a checkbox twice', { '3': { '30': 2 } }],
    ['a negative quantity', { '4': -1 }],
    ['a negative quantity as text', { '4': { '40': '-1' } }],
    ['a fraction', { '4': 1.5 }],
    ['a fraction as text', { '4': '1.5' }],
    ['an exponent', { '4': '1e1' }],
    ['a quantity over the maximum', { '4': 21 }],
    ['a quantity of another field', { '4': { '50': 10 } }],
    ['a boolean quantity', { '4': true }],
    ['a slider below its minimum', { '5': 0 }],
    ['a slider between its steps', { '5': 15 }],
    ['a line break in an input', { '6': 'a\nb' }],
    ['a text too long', { '6': 'x'.repeat(256) }],
    ['a list for a text', { '6': ['a', 'b'] }],
    ['an object that is no text for an item', { '1': { '10': { toString: 1 } } }],
    ['an object that is no text for a checkbox', { '3': { '30': { toString: 1 } } }],
    ['an object that is no text for a quantity', { '4': { '40': { toString: 1 } } }],
    ['an object that is no text for a text', { '6': { '60': { toString: 1 } } }],
    ['a field of another product', { '999': 1 }],
    ['a retired field', { '8': 1 }],
  ])('%s, by the name of its field', (_, custom) => {
    const name = `custom[${Object.keys(custom)[0]}]`
    expect(refusalOf(() => readChoices(product, { ...least, ...custom }, 'm'))).toEqual({
      code: 'field_format_error',
      also: [name],
      fields: { [name]: ['field_format_error'] },
    })
  })

  test.each([
    ['nothing', {}],
    ['an empty choice', { '2': '' }],
    ['only what is not chosen', { '2': { '20': 0 } }],
  ])('a required field with %s is empty', (_, custom) => {
    expect(refusalOf(() => readChoices(product, custom, 'm'))).toMatchObject({
      code: 'field_empty_error',
      fields: { 'custom[2]': ['field_empty_error'] },
    })
  })

  test('is everything at once', () => {
    const { fields } = refusalOf(() => readChoices(product, { '1': 'x', '4': -1, '77': 1 }, 'm'))
    expect(fields).toEqual({
      'custom[1]': ['field_format_error'],
      'custom[2]': ['field_empty_error'],
      'custom[4]': ['field_format_error'],
      'custom[77]': ['field_format_error'],
    })
  })

  test('a tree that is none', () => {
    expect(refusalOf(() => readChoices(product, 'on', 'm')).fields).toHaveProperty('custom')
  })

  test('whatever is sent, an answer is a refusal or a form filled in within its limits', () => {
    const tree = fc.dictionary(fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8', '9'), fc.jsonValue())
    const custom = fc.oneof(fc.jsonValue(), tree)
    fc.assert(
      fc.property(custom, sent => {
        try {
          const { config, charges } = readChoices(product, sent, 'm')
          for (const { quantity, unitMinor } of charges)
            expect(Number.isInteger(quantity) && quantity > 0 && unitMinor >= 0n).toBe(true)
          expect(readChoices(product, config, 'm').config).toEqual(config)
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('a service that has a configuration', () => {
  const present = { '1': { '13': 1 }, '2': { '21': 1 }, '5': { '50': 40 }, '8': { '80': 1 } }

  test('keeps what is not sent, even where it is retired', () => {
    expect(readChoices(product, { '4': 2 }, 'm', { present }).config).toEqual({ ...present, '4': { '40': 2 } })
  })

  test('may name again what it has, and leave it for good', () => {
    expect(readChoices(product, { '1': '13' }, 'm', { present }).config).toEqual(present)
    expect(readChoices(product, { '8': 0 }, 'm', { present }).config).not.toHaveProperty('8')
  })

  test('keeps what is beyond the limits of today, which nothing that is carried over to another product may be', () => {
    const beyond = { ...present, '4': { '40': 21 } }
    expect(readChoices(product, {}, 'm', { present: beyond }).config).toEqual(beyond)
    const carried = { '2': { '21': 1 }, '4': { '40': 21 }, '5': { '50': 5 } }
    expect(refusalOf(() => readChoices(product, {}, 'm', { carried })).fields).toEqual({
      'custom[4]': ['field_format_error'],
      'custom[5]': ['field_format_error'],
    })
    expect(readChoices(product, { '4': 20, '5': 10 }, 'm', { carried }).config).toEqual({
      ...{ '1': { '10': 1 }, '2': { '21': 1 } },
      ...{ '4': { '40': 20 }, '5': { '50': 10 } },
    })
  })

  test('costs what its configuration costs', () => {
    expect(configCharges(product, present, 'm').map(({ unitMinor }) => unitMinor)).toEqual([1n, 0n, 2n, 3n])
  })
})
