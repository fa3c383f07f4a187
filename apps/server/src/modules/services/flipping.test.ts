import { afterAll, expect, test } from 'vitest'
import { seedAccount } from '../../../test/seed.ts'
import { buyService, shop, type TestProduct } from '../../../test/services.ts'
import { asSystem } from '../../operator.ts'
import { addCredit } from '../billing/index.ts'
import { countReturns } from '../catalog/index.ts'
import { cancelChange } from './drop-change.ts'
import { orderUpgrade } from './upgrade-service.ts'

const world = await shop()
afterAll(() => world.close())

const { basic, premium } = world
const stock = async () => {
  const ofBoth = world.db.selectFrom('product').where('id', 'in', [basic.id, premium.id])
  const rows = await ofBoth.select('stock').orderBy('id').execute()
  return rows.map(row => row.stock)
}

/** A customer with money whose service changes between two products all the time; gives how often it had to try. */
async function flip(from: TestProduct, to: TestProduct): Promise<() => Promise<number>> {
  const { accountId, identity } = await seedAccount(world)
  const credit = { accountId, amountMinor: 1_000_000n, currency: 'EUR', key: accountId, description: 'Paid in' }
  await world.run((ctx, tx) => addCredit(ctx, tx, credit))
  const { id: serviceId } = await buyService(world, accountId, from)
  return async () => {
    let tries = 0
    for (let round = 0; round < 8; round++) {
      const { id: packageId } = round % 2 === 0 ? to : from
      await asSystem(world, async ctx => {
        tries++
        return orderUpgrade({ ...ctx, identity }, { serviceId, apply: 'now', packageId })
      })
    }
    return tries
  }
}

test('customers who change between counted products in opposite directions never stop each other', async () => {
  await world.db.updateTable('product').set({ stock: 100 }).execute()
  world.goTo('2026-11-05')
  const flips = await Promise.all([
    ...Array.from({ length: 3 }, () => flip(basic, premium)),
    ...Array.from({ length: 3 }, () => flip(premium, basic)),
  ])
  const tries = await Promise.all(flips.map(each => each()))
  expect(tries).toEqual([8, 8, 8, 8, 8, 8])
  await countReturns(world)
  expect(await stock()).toEqual([100, 100])
})

test('a change gives back what was taken, whatever is counted by then', async () => {
  const count = (each: number | null) => world.db.updateTable('product').set({ stock: each }).execute()
  await count(null)
  const [kept, changed] = [await world.buy(basic), await world.buy(basic)]
  const change = (serviceId: string, apply: 'now' | 'renewal') =>
    world.asOwner(ctx => orderUpgrade(ctx, { serviceId, apply, packageId: premium.id }))
  await change(kept.id, 'renewal')
  await count(10)
  await world.run((ctx, tx) => cancelChange(ctx, tx, { id: kept.id, accountId: world.accountId }))
  const { ordered } = await change(changed.id, 'now')
  await world.pay({ id: ordered?.invoiceId ?? '', accountId: world.accountId })
  await countReturns(world)
  expect(await stock()).toEqual([10, 9])
})
