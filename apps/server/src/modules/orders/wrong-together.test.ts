import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Customer, signUp } from '../../../test/buyer.ts'
import { type FullServer, fullServer } from '../../../test/full-server.ts'
import { openShop } from '../../../test/shop.ts'
import { fixedClock } from '../../clock.ts'

const now = new Date('2026-11-17T12:00:00Z')
let full: FullServer
let customer: Customer
let hosting = ''
let mailboxes = ''
let addon = ''
beforeAll(async () => {
  full = await fullServer({}, fixedClock(now))
  const shop = await openShop(full.app)
  hosting = await shop.product({ prices: { m: [2000], a: [22_000] } })
  mailboxes = (await shop.field(hosting, { type: 'qty', items: [{ m: [100] }], more: { maximum: 10 } })).id
  addon = await shop.addon(hosting, { m: [200] })
  await shop.promo({ code: 'TENTH', kind: 'percent', percent: 10 })
  await shop.promo({ code: 'YEARLY', kind: 'percent', percent: 10, cycles: ['a'] })
  await shop.promo({ code: 'OVER', kind: 'percent', percent: 10, ends_at: now })
  await shop.method({})
  customer = await signUp(full)
})
afterAll(() => full.close())

const tooMany = () => ({ cycle: 'm', custom: { [mailboxes]: 11 } })
const line = (more: object) => ({ type: 'product', product_id: hosting, ...more })
const noCoupon = { promocode: ['coupon_not_exist'] }

async function answers(path: string, body: object) {
  const { status, json } = await customer.post(path, body)
  expect(await full.app.db.selectFrom('orders').selectAll().execute(), 'nothing is written').toEqual([])
  return { status, json }
}

test.each(['NONE', 'OVER'])('a wrong field is told, and the code %s beside it', async promocode => {
  const name = `custom[${mailboxes}]`
  expect(await answers(`/order/${hosting}`, { ...tooMany(), promocode })).toEqual({
    status: 422,
    json: {
      success: false,
      error: ['field_format_error', name, 'coupon_not_exist'],
      fields: { [name]: ['field_format_error'], ...noCoupon },
    },
  })
  const inList = `items[1][custom][${mailboxes}]`
  const items = [line({ cycle: 'm' }), line(tooMany())]
  for (const path of ['/order', '/quote']) {
    expect((await answers(path, { items, promocode })).json).toEqual({
      success: false,
      error: ['field_format_error', inList, 'coupon_not_exist'],
      fields: { [inList]: ['field_format_error'], ...noCoupon },
    })
  }
})

test('everything that is wrong with an order as a whole is told at once', async () => {
  const { json } = await answers(`/order/${hosting}`, { cycle: 'q', promocode: 'NONE', pay_method: '99999' })
  expect(json).toEqual({
    success: false,
    error: ['field_format_error', 'cycle', 'pay_method', 'coupon_not_exist'],
    fields: { cycle: ['field_format_error'], pay_method: ['field_format_error'], ...noCoupon },
  })
})

test('every line that cannot be ordered is named, with all that is wrong with it', async () => {
  const items = [line({ cycle: 'q' }), line({ cycle: 'm' }), line(tooMany()), line({ product_id: '99999' })]
  const custom = `items[2][custom][${mailboxes}]`
  expect(await answers('/order', { items })).toEqual({
    status: 422,
    json: {
      success: false,
      error: ['field_format_error', 'items[0][cycle]', custom, 'not_found'],
      fields: {
        'items[0][cycle]': ['field_format_error'],
        [custom]: ['field_format_error'],
        'items[3][product_id]': ['not_found'],
      },
    },
  })
})

test('a line that is of no form to be looked at is named too', async () => {
  const items = [line({ product_id: { a: 1 } }), line({ cycle: 'm' }), line({ type: 'service' }), {}, 'one']
  const wrong = ['items[0][product_id]', 'items[2][type]', 'items[3][type]', 'items[4]']
  for (const path of ['/order', '/quote']) {
    const { json } = await answers(path, { items, aff_id: 'x' })
    expect(json.error.slice(0, 2), path).toEqual(['field_format_error', 'items[0][product_id]'])
    expect(json.fields).toMatchObject({ [wrong[2] ?? '']: ['field_empty_error'], 'items[4]': ['field_format_error'] })
    expect(Object.keys(json.fields).filter(name => name.startsWith('items'))).toEqual(wrong)
  }
})

test.each(['TENTH', 'YEARLY'])('of a wrong field with the good code %s, the field alone is told', async promocode => {
  const name = `custom[${mailboxes}]`
  const { json } = await answers(`/order/${hosting}`, { ...tooMany(), promocode })
  expect(json).toEqual({
    success: false,
    error: ['field_format_error', name],
    fields: { [name]: ['field_format_error'] },
  })
})

test('a quote whose line is wrong tells of the line, not of a code that might be good for it', async () => {
  const { status, json } = await customer.post('/quote', { items: [line(tooMany())], promocode: 'TENTH' })
  expect([status, json.items]).toMatchObject([
    200,
    [{ valid: false, coupon: {}, error: ['field_format_error', `custom[${mailboxes}]`] }],
  ])
})

test('with ignore_errors, a code that is good for a left out line alone takes nothing off the rest: it is refused', async () => {
  const items = [line({ cycle: 'm' }), line({ cycle: 'a', addon: { [addon]: 'all' } })]
  const { status, json } = await answers('/order', { items, ignore_errors: true, promocode: 'YEARLY' })
  const name = `items[1][addon][${addon}]`
  expect({ status, json }).toEqual({
    status: 422,
    json: {
      success: false,
      error: ['field_format_error', name, 'coupon_not_exist'],
      fields: { [name]: ['field_format_error'], ...noCoupon },
    },
  })
})
