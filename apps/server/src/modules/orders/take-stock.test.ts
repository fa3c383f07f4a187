import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { createBuyer } from '../../../test/buyer.ts'
import { openShop, type Shop } from '../../../test/shop.ts'
import { evaluate } from './evaluate.ts'
import { loadFacts } from './facts.ts'
import { readLines } from './read-line.ts'
import { takeStockFor } from './take-stock.ts'

let app: TestApp
let shop: Shop
beforeAll(async () => {
  app = await testApp()
  shop = await openShop(app)
})
afterAll(() => app.close())

const counted = (stock: number) => shop.product({ prices: { m: [999] }, more: { stock } })

/** An order that saw these products in stock, and comes when others have left so many of each. */
async function comesLate(lines: readonly { of: string; with?: string }[], left: Readonly<Record<string, number>>) {
  const items = lines.map(({ of, with: subproduct }) => {
    const subproducts = subproduct === undefined ? {} : { [subproduct]: 1 }
    return { type: 'product' as const, product_id: of, cycle: 'm', subproducts }
  })
  const { run } = await createBuyer(app)
  return await run(async ctx => {
    const tx = await ctx.begin()
    const sent = readLines(items)
    const asked = evaluate(sent, await loadFacts(ctx, tx, { lines: sent }))
    expect(asked.rejected).toEqual([])
    const setStock = (id: string, stock: number) =>
      tx.updateTable('product').set({ stock }).where('id', '=', id).execute()
    for (const [id, stock] of Object.entries(left)) await setStock(id, stock)
    const { things, rejected } = await takeStockFor(tx, asked)
    const rows = await tx.selectFrom('product').select(['id', 'stock']).where('id', 'in', Object.keys(left)).execute()
    return {
      taken: [...new Set(things.map(({ index }) => index))],
      late: rejected.map(({ index, refusal }) => [index, refusal.detail.also]),
      left: Object.fromEntries(rows.map(({ id, stock }) => [id, stock])),
    }
  })
}

test('of lines that want more than is left, the first get it', async () => {
  const product = await counted(5)
  expect(await comesLate([{ of: product }, { of: product }, { of: product }], { [product]: 2 })).toEqual({
    taken: [0, 1],
    late: [[2, ['out_of_stock']]],
    left: { [product]: 0 },
  })
})

test('a line that cannot have all that it needs takes nothing, and leaves it to the next', async () => {
  const [server, disk] = [await counted(5), await counted(5)]
  await shop.subproduct(server, disk)
  const lines = [{ of: server, with: disk }, { of: server }]
  expect(await comesLate(lines, { [server]: 1, [disk]: 0 })).toEqual({
    taken: [1],
    late: [[0, ['out_of_stock']]],
    left: { [server]: 0, [disk]: 0 },
  })
})

test('a line alone that comes too late takes nothing', async () => {
  const [server, disk] = [await counted(5), await counted(5)]
  await shop.subproduct(server, disk)
  expect(await comesLate([{ of: server, with: disk }], { [server]: 3, [disk]: 0 })).toEqual({
    taken: [],
    late: [[0, ['out_of_stock']]],
    left: { [server]: 3, [disk]: 0 },
  })
})
