import { expect, onTestFinished, test } from 'vitest'
import { testDatabase } from '../../../test/database.ts'
import { ensureProduct } from './index.ts'

test('a product that several make at the same moment is made once, as the first had it', async () => {
  const { db, drop } = await testDatabase()
  onTestFinished(drop)
  const make = (dnsZoneLimit: number) =>
    db.transaction().execute(tx => ensureProduct(tx, { name: 'Small', features: ['dns'], dnsZoneLimit }))
  const first = await make(3)
  const others = await Promise.all([4, 5, 6, 7].map(make))
  const together = await Promise.all(
    [1, 2, 3, 4].map(() => db.transaction().execute(tx => ensureProduct(tx, { name: 'New', features: [] }))),
  )
  expect(new Set([first, ...others]).size).toBe(1)
  expect(new Set(together).size).toBe(1)
  const rows = await db.selectFrom('product').select(['name', 'dns_zone_limit']).orderBy('name').execute()
  expect(rows).toEqual([
    { name: 'New', dns_zone_limit: null },
    { name: 'Small', dns_zone_limit: 3 },
  ])
})
