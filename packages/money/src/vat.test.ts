import { describe, expect, test } from 'vitest'
import { type PlacedRate, type VatFacts, vatTreatment } from './vat.ts'
import { type Address, euVatNumber, taxPlace } from './vat-places.ts'

const rate = (country: string, percent: number, state = '', level: 1 | 2 = 1, name = 'VAT'): PlacedRate => ({
  country,
  state,
  level,
  name,
  percent: percent * 1000,
})
const rates = [
  rate('EE', 24),
  rate('DE', 19),
  rate('FR', 20),
  rate('GR', 24),
  rate('ES', 21),
  rate('PT', 23),
  rate('PT', 16, 'Azores'),
  rate('FI', 25.5),
  rate('AT', 20),
  rate('AT', 19, 'Jungholz and Mittelberg'),
]
const at = (country: string, postcode = '', state = ''): Address => ({ country, postcode, state })
const consumer = { vatNumber: '', vatState: 'unknown', exempt: false } as const
const business = (vatNumber: string) => ({ vatNumber, vatState: 'valid', exempt: false }) as const
const facts = (change: Partial<VatFacts>): VatFacts => ({
  seller: { ...at('EE', '10111'), vatNumber: 'EE100000001' },
  buyer: { ...at('EE', '10111'), ...consumer },
  smallEuSeller: false,
  inclusive: false,
  rates,
  ...change,
})
/** A treatment in a few letters: `S 24`, `AE`. */
function short(change: Partial<VatFacts>): string {
  const { category, rates: charged } = vatTreatment(facts(change))
  return [category, ...charged.map(({ percent }) => percent / 1000)].join(' ')
}

describe('a seller in the EU', () => {
  test.each([
    ['a consumer at home pays the rate at home', at('EE'), consumer, 'S 24'],
    ['a buyer who names no country is taken for one at home', at(''), consumer, 'S 24'],
    ['a business at home pays the rate at home', at('EE'), business('EE100000002'), 'S 24'],
    ['a consumer in another state pays that rate', at('DE', '10115'), consumer, 'S 19'],
    ['a business there with a confirmed number owes the tax itself', at('DE'), business('DE123456789'), 'AE'],
    ['a number that is not valid frees nobody', at('DE'), { ...business('DE1'), vatState: 'invalid' }, 'S 19'],
    ['nor does one that could not be checked', at('DE'), { ...business('DE1'), vatState: 'unknown' }, 'S 19'],
    ['a number of the seller’s country makes it a sale at home', at('DE'), business('EE100000002'), 'S 24'],
    ['a number of a third state is one of a business', at('DE'), business('FR12345678901'), 'AE'],
    ['a number of Northern Ireland is one for goods', at('DE'), business('XI123456789'), 'S 19'],
    ['a number of no member state is none', at('DE'), business('CH123456789'), 'S 19'],
    ['Greece has EL in its numbers', at('GR'), business('EL123456789'), 'AE'],
    ['and in some addresses', at('EL'), consumer, 'S 24'],
    ['Monaco belongs to France', at('MC', '98000'), consumer, 'S 20'],
    ['Northern Ireland is the United Kingdom', at('GB', 'BT1 5GS'), business('XI123456789'), 'O'],
    ['beyond the EU no tax is charged', at('US', '10001'), consumer, 'O'],
    ['whoever it is', at('CH', '8001'), business('DE123456789'), 'O'],
    ['Las Palmas', at('ES', '35001'), consumer, 'O'],
    ['Tenerife', at('ES', '38001'), business('ESB12345678'), 'O'],
    ['Ceuta', at('ES', '51001'), consumer, 'O'],
    ['Melilla', at('ES', '52001'), consumer, 'O'],
    ['Madrid is Spain', at('ES', '28001'), consumer, 'S 21'],
    ['Åland', at('FI', '22100'), consumer, 'O'],
    ['Åland by its code', at('AX', '22100'), consumer, 'O'],
    ['Helsinki is Finland', at('FI', '00100'), consumer, 'S 25.5'],
    ['Büsingen', at('DE', '78266'), consumer, 'O'],
    ['Heligoland', at('DE', 'D-27498'), consumer, 'O'],
    ['Livigno', at('IT', '23041'), consumer, 'O'],
    ['Mount Athos', at('GR', '630 86'), consumer, 'O'],
    ['Guadeloupe', at('FR', '97110'), consumer, 'O'],
    ['Réunion by its code', at('RE', '97400'), consumer, 'O'],
    ['the Azores have a rate of their own', at('PT', '9500-321'), consumer, 'S 16'],
    ['Madeira without one of its own has that of Portugal', at('PT', '9000-018'), consumer, 'S 23'],
    ['Jungholz', at('AT', '6691'), consumer, 'S 19'],
    ['an account that an operator exempted pays none', at('EE'), { ...consumer, exempt: true }, 'E'],
    ['a state without any rate is charged the seller’s', at('LU'), consumer, 'S 24'],
  ] as const)('%s', (_promise, address, who, expected) => {
    expect(short({ buyer: { ...address, ...who } })).toBe(expected)
  })

  test('a small seller charges consumers everywhere in the EU the rate at home, and nothing changes for others', () => {
    const small = { smallEuSeller: true }
    expect(short({ ...small, buyer: { ...at('DE'), ...consumer } })).toBe('S 24')
    expect(short({ ...small, buyer: { ...at('DE'), ...business('DE123456789') } })).toBe('AE')
    expect(short({ ...small, buyer: { ...at('US'), ...consumer } })).toBe('O')
  })

  test('who keeps a rate for a place outside the EU is registered there and charges it', () => {
    const swiss = { rates: [...rates, rate('CH', 8.1), rate('ES', 7, 'Canary Islands')] }
    expect(short({ ...swiss, buyer: { ...at('CH'), ...consumer } })).toBe('S 8.1')
    expect(short({ ...swiss, buyer: { ...at('ES', '35001'), ...consumer } })).toBe('S 7')
  })

  test('the document says why no tax is charged, and only then', () => {
    const reverse = vatTreatment(facts({ buyer: { ...at('DE'), ...business('DE123456789') } }))
    expect(reverse).toEqual({ inclusive: false, rates: [], category: 'AE', reason: 'Reverse charge' })
    expect(vatTreatment(facts({})).reason).toBe('')
  })

  test('prices that hold the tax stay so', () => {
    expect(vatTreatment(facts({ inclusive: true })).inclusive).toBe(true)
  })
})

test('a seller who is not registered charges no tax anywhere', () => {
  const seller = { ...at('EE'), vatNumber: '' }
  for (const country of ['EE', 'DE', 'US', '']) {
    expect(short({ seller, buyer: { ...at(country), ...consumer } })).toBe('O')
  }
})

describe('a seller outside the EU', () => {
  const seller = { ...at('CA', 'M5V 2T6', 'Ontario'), vatNumber: '123456789RT0001' }
  const canadian = [
    ...rates,
    rate('CA', 5, '', 1, 'GST'),
    rate('CA', 7, 'British Columbia', 2, 'PST'),
    rate('CA', 13, 'Ontario', 1, 'HST'),
    rate('US', 0),
  ]
  test.each([
    ['charges the country’s rate', at('CA', '', 'Alberta'), consumer, 'S 5'],
    ['and a second one where a state has it', at('CA', '', 'british columbia'), consumer, 'S 5 7'],
    ['the same by the code of the state', at('CA', '', 'BC'), consumer, 'S 5 7'],
    ['a state’s rate instead of the country’s of the same level', at('CA', '', 'Ontario'), consumer, 'S 13'],
    ['its own where it does not know the buyer’s place', at(''), consumer, 'S 13'],
    ['nothing where a tax has ended', at('US', '10001'), consumer, 'O'],
    ['nothing where there is no rate', at('JP', '100-0001'), consumer, 'O'],
    ['VAT to consumers in the EU', at('DE', '10115'), consumer, 'S 19'],
    ['none to businesses there', at('DE', '10115'), business('DE123456789'), 'AE'],
  ] as const)('%s', (_promise, address, who, expected) => {
    expect(short({ seller, rates: canadian, buyer: { ...address, ...who } })).toBe(expected)
  })
})

test('a VAT number is known by its prefix, however it is written', () => {
  expect(euVatNumber('de 123.456-789')).toEqual({ prefix: 'DE', number: '123456789', country: 'DE' })
  expect(euVatNumber('GR123456789')).toEqual({ prefix: 'EL', number: '123456789', country: 'GR' })
  for (const text of ['', 'DE', 'XI123456789', 'GB123456789', '123456789']) expect(euVatNumber(text)).toBeUndefined()
})

test('the Isle of Man belongs to the United Kingdom', () => {
  expect(taxPlace(at('IM', 'IM1 1AA'))).toMatchObject({ country: 'GB', inEu: false })
})
