import type { PaymentDriver } from '@innkeeper/drivers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { seedAccount } from '../../../test/seed.ts'
import { Refusal } from '../../refusal.ts'
import { paymentMethodFor } from './index.ts'
import { methodsOfAccount } from './method-store.ts'
import { wireFee, wirePercent } from './payment-method.ts'

let app: TestApp
let accountId: string
const ids: Record<string, string> = {}
beforeAll(async () => {
  app = await testApp()
  accountId = (await seedAccount(app)).accountId
  const rows = [
    { key: 'card', driver: 'stripe', name: 'Card', position: 2, fixed_fees: '{"EUR":20}', percent_fee: '1.5' },
    { key: 'bank', driver: 'bank', name: 'Bank transfer', position: 1 },
    { key: 'yen', driver: 'bank', name: 'Bank in Japan', position: 0, currencies: ['JPY'] },
    { key: 'credit', driver: 'credit', name: 'Credit', position: 3 },
    { key: 'old', driver: 'bank', name: 'Cheque', position: 0, retired_at: app.clock.now() },
  ]
  for (const row of rows) {
    const { id } = await app.db.insertInto('payment_method').values(row).returning('id').executeTakeFirstOrThrow()
    ids[row.key] = id
  }
})
afterAll(() => app.close())

const nobodyElse = '999999'
/** Looked up by the name of its driver only. */
const payable = { gateways: new Map([['stripe', {} as PaymentDriver]]) } // never called here

test('an account is shown the ways to pay that take its currency and are in use, in the order of the shop', async () => {
  const methods = await methodsOfAccount(app.db, accountId)
  expect(methods.map(({ method }) => method.key)).toEqual(['bank', 'card', 'credit'])
  expect(methods[1]?.method.fee).toEqual({ name: 'Card', fixedMinor: 20n, percent: 1500 })
})

test('without a choice it is the first that takes the currency, or the one that the account has chosen for good', async () => {
  expect((await paymentMethodFor(payable, app.db, { accountId, currency: 'EUR' }))?.key).toBe('bank')
  expect((await paymentMethodFor(payable, app.db, { accountId, currency: 'JPY' }))?.key).toBe('yen')
  await app.db
    .updateTable('account')
    .set({ payment_method_id: ids.card ?? null })
    .where('id', '=', accountId)
    .execute()
  expect((await paymentMethodFor(payable, app.db, { accountId, currency: 'EUR' }))?.key).toBe('card')
})

test('without one for good, it is that of the kept card, or else that of the last order', async () => {
  const { accountId: other } = await seedAccount(app)
  const chosen = async () => (await paymentMethodFor(payable, app.db, { accountId: other, currency: 'EUR' }))?.key
  const order = async (key: string, number: number) => {
    const row = { number, account_id: other, status: 'Pending', kind: 'order', currency: 'EUR', total_minor: 0 }
    const values = { ...row, payment_method_id: ids[key] ?? null, created_at: app.clock.now() }
    await app.db.insertInto('orders').values(values).execute()
  }
  expect(await chosen()).toBe('bank')
  await order('card', 100_000_001)
  expect(await chosen()).toBe('card')
  await order('credit', 100_000_002)
  expect(await chosen()).toBe('card')
  await order('bank', 100_000_003)
  expect(await chosen()).toBe('bank')
  const card = { account_id: other, method_id: ids.card ?? '', customer_ref: 'cus', card_ref: 'pm' }
  await app.db
    .insertInto('saved_card')
    .values({ ...card, created_at: app.clock.now() })
    .execute()
  expect(await chosen()).toBe('card')
  await app.db.updateTable('saved_card').set({ removed_at: app.clock.now() }).execute()
  expect(await chosen()).toBe('bank')
})

describe('a choice is refused by the field it came in', () => {
  test.each([
    ['unknown', () => nobodyElse, 'EUR'],
    ['retired', () => ids.old, 'EUR'],
    ['not for this currency', () => ids.yen, 'EUR'],
    ['not configured', () => ids.card, 'EUR', { gateways: new Map() }],
  ])('%s', async (_why, id, currency, configured = payable) => {
    const refused = await paymentMethodFor(configured, app.db, { id: id(), accountId, currency }).catch(error => error)
    expect(refused).toBeInstanceOf(Refusal)
    expect(refused).toMatchObject({
      code: 'field_format_error',
      detail: { fields: { pay_method: ['field_format_error'] } },
    })
  })
})

test.each([
  ['any currency', { retired_at: new Date() }, 'EUR'],
  ['this currency', { currencies: ['USD'] }, 'EUR'],
])(
  'where nothing can be chosen in %s, that is told, and not that the choice is wrong',
  async (_what, state, currency) => {
    const empty = await testApp()
    const { accountId } = await seedAccount(empty)
    const choose = () => paymentMethodFor(payable, empty.db, { id: nobodyElse, accountId, currency })
    const none = { code: 'conflict', detail: { also: ['no_payment_methods'] } }
    await expect(choose()).rejects.toMatchObject(none)
    await empty.db
      .insertInto('payment_method')
      .values({ key: 'bank', driver: 'bank', name: 'Bank', ...state })
      .execute()
    await expect(choose()).rejects.toMatchObject(none)
    expect(await paymentMethodFor(payable, empty.db, { accountId, currency })).toBeUndefined()
    await empty.close()
  },
)

test.each([
  [0n, '0.0'],
  [20n, '0.2'],
  [275n, '2.75'],
  [1000n, '10.0'],
])('a fee of %s cents is shown as %s', (minor, shown) => {
  expect(wireFee(minor, { code: 'EUR', exponent: 2 })).toBe(shown)
})

test('percents and fees without decimals are shown with one', () => {
  expect([wirePercent(1500), wirePercent(0), wireFee(40n, { code: 'JPY', exponent: 0 })]).toEqual([
    '1.5',
    '0.0',
    '40.0',
  ])
})
