import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { testApp } from '../../../test/app.ts'
import { seedAccount } from '../../../test/seed.ts'
import { openDatabase, type Tx } from '../../db/database.ts'
import { Refusal } from '../../refusal.ts'
import { countReturns, findPromo, releasePromo, returnStock, takePromo, takeStock, targetsOf } from './index.ts'
import type { PromoLine } from './promo.ts'

/* What there is only so much of, taken by many at once. A connection each, so that they really meet. */

const app = await testApp()
const db = openDatabase({ ...app.connection, max: 20 })
afterAll(async () => {
  await db.destroy()
  await app.close()
})
const { accountId } = await seedAccount(app)
const others = await Promise.all(Array.from({ length: 20 }, () => seedAccount(app)))

let made = 0
async function newProduct(stock: number | null): Promise<string> {
  const values = { name: `Product ${++made}`, stock }
  return (await db.insertInto('product').values(values).returning('id').executeTakeFirstOrThrow()).id
}

interface Limits {
  readonly max_uses?: number
  readonly max_uses_per_account?: number
}
async function newPromo(limits: Limits, ...targets: { product_id: string; max_uses: number | null }[]) {
  const code = `CODE${++made}`
  const values = { code, kind: 'percent', percent: 10, ...limits }
  const { id } = await db.insertInto('promo_code').values(values).returning('id').executeTakeFirstOrThrow()
  for (const target of targets)
    await db
      .insertInto('promo_target')
      .values({ promo_id: id, ...target })
      .execute()
  const promo = async (account = accountId) => {
    const found = await findPromo(db, code, account)
    if (found === undefined) throw new Error('the code is gone')
    return found
  }
  const useOf = async (lines: PromoLine[], account = accountId) => {
    const found = await promo(account)
    return { promoId: found.id, accountId: account, targetIds: [...targetsOf(found, lines).values()] }
  }
  return { code, promo, useOf }
}

/** Each in a transaction of its own, all at once; gives how many came through. */
async function together(count: number, work: (tx: Tx, index: number) => Promise<boolean>): Promise<number> {
  const all = Array.from({ length: count }, (_, index) => db.transaction().execute(tx => work(tx, index)))
  return (await Promise.all(all)).filter(Boolean).length
}

async function unlessRefused(work: Promise<void>): Promise<boolean> {
  try {
    await work
    return true
  } catch (error) {
    if (error instanceof Refusal && error.code === 'coupon_not_exist') return false
    throw error
  }
}

/** Orders that use a code, all at once: what is refused is rolled back. Gives how many got the discount. */
function orderTogether(count: number, useOf: (index: number) => Promise<Parameters<typeof takePromo>[1]>) {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const use = await useOf(index)
      return unlessRefused(db.transaction().execute(tx => takePromo(tx, use)))
    }),
  ).then(results => results.filter(Boolean).length)
}

const line = (productId: string, key = 'line'): PromoLine => ({ key, cycle: 'm', productId })

test('of twenty who take the last one in stock, one gets it', async () => {
  const productId = await newProduct(1)
  expect(await together(20, tx => takeStock(tx, new Map([[productId, 1]])))).toBe(1)
  const { stock } = await db.selectFrom('product').select('stock').where('id', '=', productId).executeTakeFirstOrThrow()
  expect(stock).toBe(0)
})

test('of several products all are taken or none is, by parallel orders that name them in any order', async () => {
  const plenty = await newProduct(40)
  const scarce = await newProduct(7)
  const both = [new Map([plenty, scarce].map(id => [id, 1])), new Map([scarce, plenty].map(id => [id, 1]))]
  expect(await together(20, (tx, index) => takeStock(tx, both[index % 2] ?? new Map()))).toBe(7)
  const left = await db
    .selectFrom('product')
    .select('stock')
    .where('id', 'in', [plenty, scarce])
    .orderBy('id')
    .execute()
  expect(left.map(({ stock }) => stock)).toEqual([33, 0])
})

test('what is not counted never runs out, and what is put back can be taken again', async () => {
  const uncounted = await newProduct(null)
  const counted = await newProduct(2)
  expect(await together(20, tx => takeStock(tx, new Map([[uncounted, 3]])))).toBe(20)
  expect(await together(1, tx => takeStock(tx, new Map([[counted, 3]])))).toBe(0)
  expect(await together(1, tx => takeStock(tx, new Map([[counted, 2]])))).toBe(1)
  const back = new Map([uncounted, counted].map(productId => [productId, 1]))
  await db.transaction().execute(tx => returnStock(tx, back))
  // Two nodes may count at the same time, and each piece counts once.
  await Promise.all([countReturns(app), countReturns(app), countReturns(app)])
  expect(await together(20, tx => takeStock(tx, new Map([[counted, 1]])))).toBe(1)
  expect(await together(1, tx => takeStock(tx, new Map([['999999999', 1]])))).toBe(0)
})

test('what was put back is there for who needs it at once, and each piece once', async () => {
  const [scarce, other] = [await newProduct(2), await newProduct(9)]
  const both = new Map([scarce, other].map(id => [id, 1]))
  expect(await together(2, tx => takeStock(tx, both))).toBe(2)
  for (let piece = 0; piece < 2; piece++) await db.transaction().execute(tx => returnStock(tx, new Map([[scarce, 1]])))
  // Some for that alone, some with another, and the count of each minute among them.
  const counting = countReturns(app)
  expect(await together(20, (tx, index) => takeStock(tx, index % 2 === 0 ? both : new Map([[scarce, 1]])))).toBe(2)
  await counting
  expect(await together(1, tx => takeStock(tx, new Map([[scarce, 1]])))).toBe(0)
})

test('what is given back waits for nobody who takes, and nobody who takes waits for it', async () => {
  const productId = await newProduct(2)
  const { promo, useOf } = await newPromo({ max_uses: 2 })
  const use = await useOf([line(productId)])
  const taking = await db.startTransaction().execute()
  await takeStock(taking, new Map([[productId, 1]]))
  await takePromo(taking, use)
  await db.transaction().execute(async tx => {
    await sql`set local lock_timeout = '2s'`.execute(tx)
    await returnStock(tx, new Map([[productId, 1]]))
    await releasePromo(tx, use)
  })
  await taking.commit().execute()
  await countReturns(app)
  const { stock } = await db.selectFrom('product').select('stock').where('id', '=', productId).executeTakeFirstOrThrow()
  expect([stock, (await promo()).uses]).toEqual([2, 0])
})

test('of twenty accounts that use a code limited to five uses, five do', async () => {
  const { promo, useOf } = await newPromo({ max_uses: 5 })
  const taken = await orderTogether(20, async index => {
    const { accountId } = others[index] ?? { accountId: '' }
    return await useOf([line('1')], accountId)
  })
  expect(taken).toBe(5)
  expect((await promo()).uses).toBe(5)
  const byAccount = await Promise.all(others.map(async ({ accountId }) => (await promo(accountId)).usesByAccount))
  expect(byAccount.reduce((sum, uses) => sum + uses, 0)).toBe(5)
})

test('of twenty orders of one account with a code that it may use twice, two get it', async () => {
  const { promo, useOf } = await newPromo({ max_uses_per_account: 2 })
  const use = await useOf([line('1')])
  expect(await orderTogether(20, async () => use)).toBe(2)
  expect(await promo()).toMatchObject({ uses: 2, usesByAccount: 2 })
})

test('of twenty orders of a product that a code is good for three times, three get it', async () => {
  const limited = await newProduct(null)
  const free = await newProduct(null)
  const { promo, useOf } = await newPromo(
    {},
    { product_id: limited, max_uses: 3 },
    { product_id: free, max_uses: null },
  )
  const use = await useOf([line(limited), line(free, 'another')])
  expect(await orderTogether(20, async () => use)).toBe(3)
  expect((await promo()).targets.map(({ uses }) => uses)).toEqual([3, 3])
})

test('a use that is refused counts nothing', async () => {
  const limited = await newProduct(null)
  const { promo, useOf } = await newPromo({}, { product_id: limited, max_uses: 1 })
  const use = await useOf([line(limited)])
  expect(await orderTogether(2, async () => use)).toBe(1)
  expect(await promo()).toMatchObject({ uses: 1, usesByAccount: 1, targets: [{ uses: 1 }] })
})

test('a use that is given back can be used again, and a code that was retired meanwhile cannot', async () => {
  const limited = await newProduct(null)
  const { code, promo, useOf } = await newPromo(
    { max_uses: 1, max_uses_per_account: 1 },
    { product_id: limited, max_uses: 1 },
  )
  const use = await useOf([line(limited)])
  expect(await orderTogether(1, async () => use)).toBe(1)
  await db.transaction().execute(tx => releasePromo(tx, use))
  await Promise.all([countReturns(app), countReturns(app), countReturns(app)])
  expect(await promo()).toMatchObject({ uses: 0, usesByAccount: 0, targets: [{ uses: 0 }] })
  expect(await orderTogether(5, async () => use)).toBe(1)
  await db.transaction().execute(tx => releasePromo(tx, use))
  await countReturns(app)
  await db.updateTable('promo_code').set({ retired_at: new Date() }).where('code', '=', code).execute()
  expect(await orderTogether(1, async () => use)).toBe(0)
})

test('an order that got no more of what a code is limited to gives back no more', async () => {
  const limited = await newProduct(null)
  const { promo, useOf } = await newPromo({}, { product_id: limited, max_uses: 2 })
  const [one, two] = [[line(limited)], [line(limited), line(limited, 'another')]]
  const take = async (lines: PromoLine[]) => {
    const taken = await useOf(lines)
    await db.transaction().execute(tx => takePromo(tx, taken))
    return taken
  }
  await take(one)
  const last = await take(two)
  expect((await promo()).targets).toMatchObject([{ uses: 2 }])
  await db.transaction().execute(tx => releasePromo(tx, last))
  await countReturns(app)
  expect((await promo()).targets).toMatchObject([{ uses: 1 }])
})

test('a code is found however it is written', async () => {
  const { code } = await newPromo({})
  expect(await findPromo(db, ` ${code.toLowerCase()} `, accountId)).toMatchObject({
    code,
    discount: { percent: 10_000 },
  })
  expect(await findPromo(db, 'NEVER', accountId)).toBeUndefined()
})
