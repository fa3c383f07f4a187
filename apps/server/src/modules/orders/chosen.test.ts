import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { type Buyer, createBuyer } from '../../../test/buyer.ts'
import { invoicesOf, payInvoice } from '../../../test/life.ts'
import { openShop, type Shop } from '../../../test/shop.ts'
import { fixedClock } from '../../clock.ts'
import { runSql } from '../../db/database.ts'
import { documentOf } from '../billing/index.ts'
import { choicesText } from '../catalog/index.ts'
import { runSweeps } from '../renewals/index.ts'
import { serviceHandlers } from '../services/index.ts'
import { orderHandlers } from './routes.ts'

const clock = fixedClock(new Date('2026-11-01T12:00:00Z'))
let app: TestApp
let shop: Shop
let buyer: Buyer
let productId: string
const fields: Record<string, { id: string; items: string[] }> = {}
beforeAll(async () => {
  app = await testApp({}, clock)
  shop = await openShop(app)
  productId = await shop.product({ prices: { m: [1000, 500] }, more: { name: 'Server' } })
  const add = async (title: string, type: 'select' | 'qty' | 'checkbox' | 'input', items: string[]) => {
    const field = await shop.field(productId, { type, items: items.map(() => ({ m: [100] })), more: { title } })
    for (const [index, id] of field.items.entries())
      await app.db.updateTable('form_item').set({ title: items[index] }).where('id', '=', id).execute()
    fields[title] = field
  }
  await add('RAM', 'select', ['4 GB', '8 GB'])
  await add('Addresses', 'qty', ['Address'])
  await add('Backups', 'checkbox', ['Yes'])
  await add('First password', 'input', ['Password'])
})
afterAll(() => app.close())
beforeEach(async () => {
  await runSql(app.db, `update account set parked_at = now(), parked_reason = 'of another test'`)
  buyer = await createBuyer(app)
})

const idOf = (title: string) => fields[title]?.id ?? ''
const itemOf = (title: string, place = 0) => fields[title]?.items[place] ?? ''
const custom = () => ({
  [idOf('RAM')]: itemOf('RAM'),
  [idOf('Addresses')]: 2,
  [idOf('Backups')]: 1,
  [idOf('First password')]: 'correct horse',
})

async function payAll(): Promise<void> {
  for (const invoice of await invoicesOf(app, buyer.accountId))
    if (invoice.status === 'Unpaid') await payInvoice(app, invoice)
}

/** The lines of each invoice as they are printed. */
async function documents(): Promise<string[][]> {
  const invoices = await invoicesOf(app, buyer.accountId)
  return Promise.all(
    invoices.map(async ({ id }) => {
      const { document } = await documentOf(app, app.db, buyer.accountId, id)
      return document.lines.map(line => line.description)
    }),
  )
}

test('what was chosen stands on quote, order, upgrade and renewal, and what was typed in on none', async () => {
  const items = [{ type: 'product' as const, product_id: productId, cycle: 'm' as const, custom: custom() }]
  const quoted = await buyer.run(async ctx => orderHandlers.quote(ctx, { items }))
  expect(quoted.items?.[0]?.info).toEqual(['RAM: 4 GB', 'Addresses: 2', 'Backups'])
  const placed = await buyer.run(async ctx => orderHandlers.orderMany(ctx, { items }))
  await payAll()
  const id = placed.items[0]?.id ?? ''
  const resources = { [idOf('RAM')]: itemOf('RAM', 1), [idOf('Addresses')]: 5 }
  await buyer.run(async ctx => serviceHandlers.upgradeService(ctx, { id, resources, send: true }))
  await payAll()
  clock.advance(25 * 86_400_000)
  await runSweeps(app)
  const [ordered, upgraded, renewed] = await documents()
  expect(ordered).toEqual([
    'Server (2026-11-01 – 2026-11-30), RAM: 4 GB; Addresses: 2; Backups',
    'Server (2026-11-01 – 2026-11-30): setup',
  ])
  expect(upgraded?.[0]).toBe('Change to Server (2026-11-01 – 2026-11-30), RAM: 8 GB; Addresses: 5; Backups')
  expect(renewed).toEqual(['Server (2026-12-01 – 2026-12-31), RAM: 8 GB; Addresses: 5; Backups'])
  const typed = 'select 1 from invoice_line where position($1 in description) > 0'
  expect(await runSql(app.db, typed, ['horse'])).toEqual([])
})

test('a change that waits for the renewal is on its line', async () => {
  clock.advance(Date.parse('2027-01-01T12:00:00Z') - clock.now().getTime())
  const items = [{ type: 'product' as const, product_id: productId, cycle: 'm' as const, custom: custom() }]
  const placed = await buyer.run(async ctx => orderHandlers.orderMany(ctx, { items }))
  await payAll()
  const id = placed.items[0]?.id ?? ''
  const resources = { [idOf('RAM')]: itemOf('RAM', 1) }
  await buyer.run(async ctx => serviceHandlers.upgradeService(ctx, { id, resources, apply: 'renewal', send: true }))
  clock.advance(25 * 86_400_000)
  await runSweeps(app)
  expect((await documents())[1]).toEqual(['Server (2027-02-01 – 2027-02-28), RAM: 8 GB; Addresses: 2; Backups'])
})

test('what is too much for a line ends with a whole choice', () => {
  const chosen = Array.from({ length: 40 }, (_, index) => {
    return { type: 'qty' as const, field: `Field ${index}`, item: '', value: index }
  })
  const text = choicesText(chosen)
  expect(text.length).toBeLessThanOrEqual(153)
  expect(text).toMatch(/^Field 0: 0; .*Field \d+: \d+; …$/)
  expect(choicesText([{ type: 'checkbox', field: 'x'.repeat(500), item: '', value: 1 }])).toHaveLength(151)
  expect(choicesText([])).toBe('')
})
