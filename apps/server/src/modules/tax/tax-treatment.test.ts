import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { seedAccount } from '../../../test/seed.ts'
import { fixedClock } from '../../clock.ts'
import { defaultConfig } from '../../config.ts'
import { taxTreatment } from './index.ts'

const seller = { ...defaultConfig('').seller, country: 'EE', vatNumber: 'EE100000001' }
const clock = fixedClock(new Date('2026-03-01T12:00:00Z'))
let app: TestApp
beforeAll(async () => {
  app = await testApp({ seller, timeZone: 'Europe/Tallinn' }, clock)
})
afterAll(() => app.close())

async function customer(person: { country: string; state?: string; postcode?: string; vateu?: string }) {
  const { accountId, profileId } = await seedAccount(app)
  await app.db.updateTable('profile').set(person).where('id', '=', profileId).execute()
  return accountId
}
const checked = (accountId: string, vat_number: string, ...states: ('valid' | 'invalid' | 'unknown')[]) =>
  app.db
    .insertInto('vat_check')
    .values(states.map(state => ({ account_id: accountId, vat_number, state, checked_at: clock.now() })))
    .execute()
const percents = async (accountId: string, on: Partial<TestApp> = {}) =>
  (await taxTreatment({ ...app, ...on }, app.db, accountId)).rates.map(({ percent }) => percent)

test('a new installation knows the rates of the EU', async () => {
  expect(await percents(await customer({ country: 'EE' }))).toEqual([24_000])
  expect(await percents(await customer({ country: 'FI' }))).toEqual([25_500])
  expect(await percents(await customer({ country: 'MC' }))).toEqual([20_000])
  expect(await percents(await customer({ country: 'PT', postcode: '9500-321' }))).toEqual([16_000])
})

test('a rate begins with its day in the brand’s time zone', async () => {
  const accountId = await customer({ country: 'EE' })
  const at = (moment: string) => ({ business: fixedClock(new Date(moment)) })
  expect(await percents(accountId, at('2025-06-30T20:59:59Z'))).toEqual([22_000])
  expect(await percents(accountId, at('2025-06-30T21:00:00Z'))).toEqual([24_000])
  expect(await percents(accountId, at('2023-06-01T00:00:00Z'))).toEqual([20_000])
})

test.each([
  ['nothing was asked yet', [], 'S'],
  ['VIES confirmed the number', ['valid'], 'AE'],
  ['VIES could not be asked since', ['valid', 'unknown'], 'AE'],
  ['VIES does not know it any more', ['valid', 'invalid'], 'S'],
  ['VIES never gave an answer', ['unknown', 'unknown'], 'S'],
] as const)('when %s', async (_what, states, category) => {
  const accountId = await customer({ country: 'DE', vateu: 'DE123456789' })
  if (states.length > 0) await checked(accountId, 'DE123456789', ...states)
  expect(await taxTreatment(app, app.db, accountId)).toMatchObject({ category })
})

test('a confirmation is good for that number of that account alone', async () => {
  const accountId = await customer({ country: 'DE', vateu: 'DE123456789' })
  await checked(accountId, 'DE999999999', 'valid')
  await checked(await customer({ country: 'DE' }), 'DE123456789', 'valid')
  expect(await percents(accountId)).toEqual([19_000])
})

test('two levels of tax come from country and state', async () => {
  const rate = { country: 'CA', name: 'GST', percent: '5', valid_from: '2020-01-01' }
  await app.db
    .insertInto('tax_rate')
    .values([
      rate,
      { ...rate, state: 'British Columbia', level: 2, name: 'PST', percent: '7' },
      { ...rate, state: 'Quebec', level: 2, name: 'QST', percent: '9.975' },
    ])
    .execute()
  const canadian = { config: { ...app.config, seller: { ...seller, country: 'CA', state: 'Quebec' } } }
  expect(await percents(await customer({ country: 'CA', state: 'british columbia' }), canadian)).toEqual([5000, 7000])
  expect(await percents(await customer({ country: '' }), canadian)).toEqual([5000, 9975])
})

test('a state is the same under its code and its names, for rates as for customers and seller', async () => {
  const rate = { country: 'US', name: 'Sales tax', valid_from: '2020-01-01' }
  await app.db
    .insertInto('tax_rate')
    .values([
      { ...rate, state: 'TX', percent: '6.25' },
      { ...rate, state: 'Texas', percent: '8.25', valid_from: '2025-01-01' },
      { ...rate, state: 'new york', percent: '4' },
      { ...rate, state: 'NY', percent: '0', valid_from: '2025-01-01' },
    ])
    .execute()
  const texan = { config: { ...app.config, seller: { ...seller, country: 'US', state: 'texas' } } }
  for (const state of ['TX', 'tx', 'Texas', ' TEXAS ', 'US-TX'])
    expect(await percents(await customer({ country: 'US', state }), texan), state).toEqual([8250])
  for (const state of ['NY', 'New York'])
    expect(await percents(await customer({ country: 'US', state }), texan), state).toEqual([])
  expect(await percents(await customer({ country: '' }), texan)).toEqual([8250])
})

test('an exempted account pays none', async () => {
  const accountId = await customer({ country: 'EE' })
  await app.db.updateTable('account').set({ tax_exempt: true }).where('id', '=', accountId).execute()
  expect(await taxTreatment(app, app.db, accountId)).toMatchObject({ rates: [], category: 'E' })
})
