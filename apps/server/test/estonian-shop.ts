import { fixedClock } from '../src/clock.ts'
import { defaultConfig } from '../src/config.ts'
import { fullServer } from './full-server.ts'
import { openShop } from './shop.ts'

/** A program whose seller is Estonian and taxes at 24 %, at noon of 17 November 2026, with a shop to fill. */
export async function estonianShop() {
  const clock = fixedClock(new Date('2026-11-17T12:00:00Z'))
  const seller = { ...defaultConfig('').seller, country: 'EE', vatNumber: 'EE100000001' }
  const full = await fullServer({ seller }, clock)
  const shop = await openShop(full.app)
  await shop.taxRate({ country: 'EE', percent: 24 })
  return {
    clock,
    full,
    shop,
    ordersOf: (accountId: string) =>
      full.app.db.selectFrom('orders').selectAll().where('account_id', '=', accountId).orderBy('id').execute(),
    servicesOf: (accountId: string) =>
      full.app.db.selectFrom('service').selectAll().where('account_id', '=', accountId).orderBy('id').execute(),
  }
}
