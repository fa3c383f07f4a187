import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { createBuyer } from '../../../test/buyer.ts'
import { openShop, type Shop } from '../../../test/shop.ts'
import { renewalsOf } from '../services/index.ts'
import { placeOrder } from './place-order.ts'
import { readLines } from './read-line.ts'

let app: TestApp
let shop: Shop
beforeAll(async () => {
  app = await testApp()
  shop = await openShop(app)
})
afterAll(() => app.close())

test.each([
  ['of a percentage', { kind: 'percent', percent: 12.5 }, { percent: 90 }, 875n],
  ['of an amount', { kind: 'fixed', amounts: '{"EUR": 300}' }, { amounts: '{"EUR": 1}' }, 700n],
  ['that is recurring no more', { kind: 'percent', percent: 10 }, { recurring: false }, 900n],
])('a discount %s is kept as it was ordered, whatever becomes of its code', async (name, discount, edit, price) => {
  const code = `KEEP${name.length}`
  await shop.promo({ code, recurring: true, ...discount })
  const productId = await shop.product({ prices: { m: [1000] }, more: { provision_on: 'manual' } })
  await shop.method({ driver: 'bank' })
  const buyer = await createBuyer(app)
  const lines = readLines([{ type: 'product', product_id: productId, cycle: 'm' }])
  await buyer.run(ctx =>
    placeOrder(ctx, { lines, promoCode: code, ignoreErrors: false, refusalOf: ({ refusal }) => refusal }),
  )
  const { id } = await app.db
    .updateTable('service')
    .set({ status: 'Active' })
    .where('account_id', '=', buyer.accountId)
    .returning('id')
    .executeTakeFirstOrThrow()
  await app.db.updateTable('promo_code').set(edit).where('code', '=', code).execute()
  const [renewal] = await buyer.run(async ctx => renewalsOf(ctx, await ctx.begin(), buyer.accountId, [id]))
  expect(renewal?.line.charges[0]?.unitMinor).toBe(price)
})
