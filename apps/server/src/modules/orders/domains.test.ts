import { afterAll, describe, expect, test } from 'vitest'
import { signUp } from '../../../test/buyer.ts'
import { estonianShop } from '../../../test/estonian-shop.ts'
import type { Context } from '../../context.ts'
import { runSql, type Tx } from '../../db/database.ts'
import { addCredit, applyCredit } from '../billing/index.ts'
import { countReturns } from '../catalog/index.ts'
import { completeProvisioning, lockService, terminateService } from '../services/index.ts'
import { cancelOrder } from './index.ts'

const { full, ordersOf, servicesOf, shop } = await estonianShop()
afterAll(() => full.close())
/** A way to pay that costs nothing. */
const free = await shop.method({})

test('several lines are several orders on one invoice', async () => {
  const buyer = await signUp(full)
  const hosting = await shop.product({ prices: { a: [22_000, 1000] } })
  const tld = await shop.tld('.org', { register: [950, 2150], transfer: [950], renew: [1200, 2400] })
  const items = [
    { type: 'product', product_id: hosting, domain: 'example.org', cycle: 'a' },
    { type: 'domain', tld_id: tld, name: 'Example.org', action: 'register', years: 2 },
    {
      type: 'domain',
      tld_id: tld,
      name: 'example-net.org',
      action: 'transfer',
      years: 1,
      epp: 'Se&cret',
    },
  ]
  const { status, json, text } = await buyer.post('/order', { items, pay_method: free })
  expect(status, text).toBe(200)
  expect(json.total).toBe('323.64') // 220.00, setup 10.00, 21.50 and 9.50, at 24 %
  expect(json.items.map((item: { type: string; name: string }) => [item.type, item.name])).toEqual([
    ['Hosting', 'example.org'],
    ['Domain Register', 'example.org'],
    ['Domain Transfer', 'example-net.org'],
  ])
  const orders = await ordersOf(buyer.accountId)
  expect(orders.map(order => [order.number, order.invoice_id, order.total_minor])).toEqual([
    [json.order_num_list[0], json.invoice_id, '28520'],
    [json.order_num_list[1], json.invoice_id, '2666'],
    [json.order_num_list[2], json.invoice_id, '1178'],
  ])
  const domains = await full.app.db.selectFrom('domain').selectAll().orderBy('service_id').execute()
  expect(domains.map(domain => [domain.name, domain.action, domain.status, domain.epp_code === null])).toEqual([
    ['example.org', 'register', 'Pending', true],
    ['example-net.org', 'transfer', 'Pending', false],
  ])
  expect(JSON.stringify(domains)).not.toContain('Se&cret')
  const [, registered] = await servicesOf(buyer.accountId)
  expect(registered).toMatchObject({ kind: 'domain', cycle: 'y2', price_minor: '2400', first_payment_minor: '2150' })
})

describe('a domain is renewed', () => {
  const own = async (expires: string, status = 'Active') => {
    const buyer = await signUp(full)
    const tld = await shop.tld(`.t${Math.random().toString(36).slice(2, 9)}`, {
      register: [950],
      transfer: [950],
      renew: [1200, 2400, 3600, 4800, 6000, 7200, 8400, 9600, 10_800, 12_000],
    })
    const { name } = await full.app.db.selectFrom('tld').select('name').where('id', '=', tld).executeTakeFirstOrThrow()
    const line = { type: 'domain', tld_id: tld, name: `mine${name}`, action: 'register', years: 1 }
    const { json } = await buyer.post('/order', { items: [line], pay_method: free })
    const id = json.items[0].id
    await full.app.db
      .updateTable('domain')
      .set({ status, expires_at: new Date(expires) })
      .where('service_id', '=', id)
      .execute()
    await full.app.db
      .updateTable('service')
      .set({ invoiced_until: new Date(expires) })
      .where('id', '=', id)
      .execute()
    return {
      buyer,
      renew: (years: number) =>
        buyer.post('/order', { items: [{ type: 'domain', action: 'renew', domain_id: id, years }], pay_method: free }),
      id,
    }
  }

  test('from where its years end', async () => {
    const { renew, id } = await own('2027-02-28T00:00:00Z')
    const { status, json, text } = await renew(2)
    expect(status, text).toBe(200)
    expect(json).toMatchObject({ total: '29.76', items: [{ id, type: 'Domain Renew' }] })
    const periods = await full.app.db
      .selectFrom('billed_period')
      .selectAll()
      .where('service_id', '=', id)
      .orderBy('id')
      .execute()
    expect(periods.at(-1)).toMatchObject({ reason: 'renewal', starts_at: new Date('2027-02-28T00:00:00Z') })
  })

  test('to ten years ahead and not a day more', async () => {
    const { renew } = await own('2027-11-17T00:00:00Z')
    expect((await renew(10)).json.error).toEqual(['renewnotavailable'])
    expect((await renew(9)).status).toBe(200)
    // Those nine years stand on an invoice now, whether it is paid or not.
    expect((await renew(1)).json).toMatchObject({
      error: ['renewnotavailable'],
      fields: { 'items[0][years]': ['renewnotavailable'] },
    })
  })

  test('for nothing too', async () => {
    const buyer = await signUp(full)
    const tld = await shop.tld('.free', { register: [0], transfer: [0], renew: [0] })
    await full.app.db.updateTable('tld').set({ registrar: 'none' }).where('id', '=', tld).execute() // there at once
    const order = async (item: object) => {
      const { json, text } = await buyer.post('/order', { items: [{ type: 'domain', ...item }], pay_method: free })
      expect([json.invoice_id, json.total], text).toEqual(['0', '0.00'])
      const id = json.items[0].id as string
      const [{ expires_at } = { expires_at: null }] = await full.app.db
        .selectFrom('domain')
        .select('expires_at')
        .where('service_id', '=', id)
        .execute()
      return { id, expires: expires_at?.toISOString() }
    }
    const { id, expires } = await order({ tld_id: tld, name: 'example.free', action: 'register', years: 1 })
    expect(expires).toBe('2027-11-17T00:00:00.000Z')
    expect((await order({ action: 'renew', domain_id: id, years: 1 })).expires).toBe('2028-11-17T00:00:00.000Z')
  })

  test('and gives the use of a code for its TLD back when it is cancelled', async () => {
    const { buyer, id } = await own('2027-02-28T00:00:00Z')
    const { tld_id } = await full.app.db
      .selectFrom('service')
      .select('tld_id')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    const code = `RENEW${id}`
    const promo_id = await shop.promo({ code, kind: 'percent', percent: 10, cycles: ['y2'] })
    await full.app.db.insertInto('promo_target').values({ promo_id, tld_id, max_uses: 1 }).execute()
    const items = [{ type: 'domain', action: 'renew', domain_id: id, years: 2 }]
    const { json, text } = await buyer.post('/order', { items, pay_method: free, promocode: code })
    expect(json.total, text).toBe('26.78') // 24.00 less a tenth, at 24 %
    const uses = async () => {
      await countReturns(full.app)
      return (await full.app.db.selectFrom('promo_target').select('uses').where('promo_id', '=', promo_id).execute())[0]
        ?.uses
    }
    expect(await uses()).toBe(1)
    const ref = { id: (await ordersOf(buyer.accountId)).at(-1)?.id ?? '', accountId: buyer.accountId }
    await buyer.run(async ctx => cancelOrder(ctx, await ctx.begin(), ref, 'not wanted'))
    expect(await uses()).toBe(0)
  })

  test.each(['Pending', 'Transferred Out', 'Cancelled'])('not while it is %s', async status => {
    const { renew } = await own('2027-02-28T00:00:00Z', status)
    expect((await renew(1)).json).toMatchObject({
      error: ['renewnotavailable'],
      fields: { 'items[0][domain_id]': ['renewnotavailable'] },
    })
  })
})

describe('a domain that was paid for', () => {
  const paid = async () => {
    const buyer = await signUp(full)
    const suffix = `.p${Math.random().toString(36).slice(2, 9)}`
    const tld = await shop.tld(suffix, { register: [950], transfer: [950], renew: [1200] })
    const line = { type: 'domain', tld_id: tld, name: `mine${suffix}`, action: 'register', years: 1 }
    const order = () => buyer.post('/order', { items: [line], pay_method: free })
    const { json } = await order()
    const ref = { id: String(json.items[0].id), accountId: buyer.accountId }
    const act = (work: (ctx: Context, tx: Tx) => Promise<unknown>) =>
      buyer.run(async ctx => work(ctx, await ctx.begin()))
    await act(async (ctx, tx) => {
      const { accountId } = ref
      const credit = { accountId, amountMinor: 1178n, currency: 'EUR', key: accountId, description: 'Paid in' }
      await addCredit(ctx, tx, credit)
      await applyCredit(ctx, tx, { accountId, invoiceId: json.invoice_id })
    })
    const status = async () => {
      const { app } = full
      const [row] = await runSql<{ service: string; domain: string; provisioning: string }>(
        app.db,
        `select s.status as service, d.status as domain, s.provisioning from service s join domain d on d.service_id = s.id
         where s.id = $1`,
        [ref.id],
      )
      return row
    }
    return { ref, act, order, status }
  }

  test('waits for staff to register it, and runs when they have', async () => {
    const { ref, act, status } = await paid()
    expect(await status()).toEqual({ service: 'Pending', domain: 'Pending Registration', provisioning: 'queued' })
    await act((ctx, tx) => completeProvisioning(ctx, tx, ref, {}))
    expect(await status()).toEqual({ service: 'Active', domain: 'Active', provisioning: 'done' })
  })

  test('has its name back for others when its service is terminated', async () => {
    const { ref, act, order } = await paid()
    expect((await order()).json.error).toEqual(['domain_already_exist'])
    await act(async (ctx, tx) => {
      if ((await lockService(tx, ref.accountId, ref.id))?.status === 'Pending')
        await completeProvisioning(ctx, tx, ref, {})
      await terminateService(ctx, tx, ref, 'not wanted')
    })
    const { status, text } = await order()
    expect(status, text).toBe(200)
  })
})
