import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { fixedClock } from '../../clock.ts'
import { asOperator } from '../../operator.ts'
import { ratesFrom, type SentRate, setTaxRate } from './index.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp({}, fixedClock(new Date('2026-03-01T12:00:00Z')))
})
afterAll(() => app.close())

const set = (rate: Partial<SentRate>) =>
  asOperator(app, ctx => setTaxRate(ctx, { country: 'NO', percent: '25', validFrom: '2026-01-01', ...rate }))
const ratesOf = async (country: string) =>
  (await ratesFrom(app.db, '2026-03-01')).filter(rate => rate.country === country)

test('the rates of today and those to come are listed, not those of the past', async () => {
  expect(await ratesOf('EE')).toEqual([
    { country: 'EE', state: '', level: 1, name: 'VAT', percent: '24', validFrom: '2025-07-01' },
  ])
  await set({ country: 'el', percent: '25.500', validFrom: '2027-01-01' })
  expect((await ratesOf('GR')).map(({ percent }) => percent)).toEqual(['24', '25.5'])
})

test('a rate that has not begun can be changed, one that has cannot', async () => {
  await set({ country: 'CH', percent: '8.2', validFrom: '2026-03-01' })
  await set({ country: 'CH', percent: '8.1', validFrom: '2026-03-01' })
  expect((await ratesOf('CH')).map(({ percent }) => percent)).toEqual(['8.1'])
  await set({ country: 'NO' })
  await expect(set({ country: 'NO', percent: '26' })).rejects.toMatchObject({ code: 'conflict' })
  expect((await ratesOf('NO')).map(({ percent }) => percent)).toEqual(['25'])
})

test('a rate of no country is refused', async () => {
  for (const country of ['XX', 'UK', 'E', ''])
    await expect(set({ country }), country).rejects.toMatchObject({
      ...{ code: 'field_format_error', detail: { fields: { country: ['field_format_error'] } } },
    })
})

test('a second tax of a state stands beside that of the country, and both are audited', async () => {
  await set({ country: 'CA', percent: '5', name: 'GST' })
  await set({ country: 'CA', state: 'Québec', percent: '9.975', level: '2', name: 'QST' })
  expect((await ratesOf('CA')).map(({ state, level, percent }) => [state, level, percent])).toEqual([
    ['', 1, '5'],
    ['QC', 2, '9.975'],
  ])
  const rows = await app.db.selectFrom('audit').select('description').where('event', '=', 'tax.rate_set').execute()
  expect(rows.at(-1)).toEqual({ description: 'QST of CA/QC is 9.975 % from 2026-01-01' })
})

test('a rate of a state that has begun cannot be changed under another of its names', async () => {
  await set({ country: 'CA', state: 'BC', percent: '7', level: '2' })
  for (const state of ['bc', 'British Columbia', 'CA-BC'])
    await expect(set({ country: 'CA', state, percent: '8', level: '2' }), state).rejects.toMatchObject({
      code: 'conflict',
    })
})

test.each<[Partial<SentRate>, string]>([
  [{ country: 'Norway' }, 'country'],
  [{ percent: '-1' }, 'percent'],
  [{ percent: '100' }, 'percent'],
  [{ percent: '25,5' }, 'percent'],
  [{ validFrom: '2026-02-30' }, 'validFrom'],
  [{ validFrom: '1.1.2026' }, 'validFrom'],
  [{ level: '3' }, 'level'],
  [{ name: ' ' }, 'name'],
])('%j is refused for its %s', async (rate, field) => {
  await expect(set(rate)).rejects.toMatchObject({ detail: { fields: { [field]: expect.anything() } } })
})
