import { afterAll, describe, expect, test } from 'vitest'
import { type Customer, signUp } from '../../../test/buyer.ts'
import { estonianShop } from '../../../test/estonian-shop.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { addCredit, applyCredit, creditOf, issueCreditNote, sendToCollections, voidInvoice } from '../billing/index.ts'
import { countReturns } from '../catalog/index.ts'
import { completeProvisioning } from '../services/index.ts'
import { acceptOrder, cancelOrder, markFraud } from './index.ts'

const { full, ordersOf, servicesOf, shop } = await estonianShop()
afterAll(() => full.close())
/** A way to pay that costs nothing. */
const free = await shop.method({})

type Decide = (ctx: Context, tx: Tx, ref: { id: string; accountId: string }, why: string) => Promise<void>
const decideAs = ({ accountId, run }: Customer, order: { id: string } | undefined, decide: Decide) =>
  run(async ctx => decide(ctx, await ctx.begin(), { id: order?.id ?? '0', accountId }, 'said so'))

const payByCredit = ({ accountId, run }: Customer, invoiceId: string, amountMinor: bigint) =>
  run(async ctx => {
    const tx = await ctx.begin()
    await addCredit(ctx, tx, { accountId, amountMinor, currency: 'EUR', key: accountId, description: 'Paid in' })
    await applyCredit(ctx, tx, { accountId, invoiceId })
  })

describe('what is made when', () => {
  const order = async (more: object, minor = 1000) => {
    const buyer = await signUp(full)
    const product = await shop.product({ prices: { m: [minor] }, more: { provisioner: 'manual', ...more } })
    const { json } = await buyer.post(`/order/${product}`, { cycle: 'm', pay_method: free })
    const [service] = await servicesOf(buyer.accountId)
    const [placed] = await ordersOf(buyer.accountId)
    return { buyer, json, service, order: placed, making: service?.provisioning !== 'none' }
  }

  test('on order: at once, while the order waits for its payment', async () => {
    const { making, order: placed } = await order({ provision_on: 'order' })
    expect([making, placed?.status]).toEqual([true, 'Pending'])
  })

  test('on payment: not before, and credit that pays it is a payment', async () => {
    const { making, order: placed, buyer, json } = await order({ provision_on: 'payment' })
    expect([making, placed?.status]).toEqual([false, 'Pending'])
    await payByCredit(buyer, json.invoice_id, 1240n)
    const [service] = await servicesOf(buyer.accountId)
    expect([service?.provisioning, (await ordersOf(buyer.accountId))[0]?.status]).toEqual(['queued', 'Active'])
  })

  test('by hand: when staff accept the order', async () => {
    const { making, buyer, order: placed } = await order({ provision_on: 'manual' })
    expect(making).toBe(false)
    await decideAs(buyer, placed, acceptOrder)
    const [service] = await servicesOf(buyer.accountId)
    expect([service?.provisioning, (await ordersOf(buyer.accountId))[0]?.status]).toEqual(['queued', 'Active'])
  })

  test('by hand, although it is paid: still when staff accept the order, which waits for them', async () => {
    const { buyer, json, order: placed } = await order({ provision_on: 'manual' })
    await payByCredit(buyer, json.invoice_id, 1240n)
    const state = async () => [
      (await servicesOf(buyer.accountId))[0]?.provisioning,
      (await ordersOf(buyer.accountId))[0]?.status,
    ]
    expect(await state()).toEqual(['none', 'Pending'])
    await decideAs(buyer, placed, acceptOrder)
    expect(await state()).toEqual(['queued', 'Active'])
  })

  test('by hand, of a list that is paid: the rest does not wait for staff', async () => {
    const buyer = await signUp(full)
    const kinds = ['manual', 'payment']
    const items = []
    for (const provision_on of kinds) {
      const more = { provisioner: 'manual', provision_on }
      items.push({ type: 'product', product_id: await shop.product({ prices: { m: [500] }, more }), cycle: 'm' })
    }
    const { json } = await buyer.post('/order', { items, pay_method: free })
    await payByCredit(buyer, json.invoice_id, 1240n)
    const states = (await servicesOf(buyer.accountId)).map(each => each.provisioning)
    expect([states, (await ordersOf(buyer.accountId)).map(each => each.status)]).toEqual([
      ['none', 'queued'],
      ['Pending', 'Active'],
    ])
  })

  test('not at all where staff do not want it: what was paid is refunded, and that cancels the order', async () => {
    const { buyer, json, order: placed } = await order({ provision_on: 'manual' })
    await payByCredit(buyer, json.invoice_id, 1240n)
    await expect(decideAs(buyer, placed, cancelOrder)).rejects.toMatchObject({ code: 'conflict' })
    await buyer.run(async ctx => {
      const note = { invoiceId: json.invoice_id, lines: 'all', payOut: 'credit', reason: 'not wanted' } as const
      await issueCreditNote(ctx, await ctx.begin(), note)
    })
    const [service] = await servicesOf(buyer.accountId)
    expect([service?.status, (await ordersOf(buyer.accountId))[0]?.status]).toEqual(['Cancelled', 'Cancelled'])
    expect(await creditOf(full.app.db, buyer.accountId, 'EUR')).toBe(1240n)
  })

  test('an addon that staff do by hand: when they have done it, whatever becomes of the product', async () => {
    const buyer = await signUp(full)
    const product = await shop.product({ prices: { m: [1000] } })
    const addon = await shop.addon(product, { m: [0] })
    await full.app.db.updateTable('addon').set({ provisioner: 'manual' }).where('id', '=', addon).execute()
    const { json } = await buyer.post(`/order/${product}`, { cycle: 'm', pay_method: free, addon: { [addon]: 1 } })
    await payByCredit(buyer, json.invoice_id, 1240n)
    const states = async () => (await servicesOf(buyer.accountId)).map(each => [each.status, each.provisioning])
    expect(await states()).toEqual([
      ['Active', 'done'],
      ['Pending', 'queued'],
    ])
    const ref = { id: (await servicesOf(buyer.accountId))[1]?.id ?? '', accountId: buyer.accountId }
    await buyer.run(async ctx => completeProvisioning(ctx, await ctx.begin(), ref, {}))
    expect((await states())[1]).toEqual(['Active', 'done'])
  })

  test('what costs nothing has no invoice and is made at once, or when staff say so', async () => {
    const atOnce = await order({ provision_on: 'payment' }, 0)
    expect(atOnce.json).toMatchObject({ invoice_id: '0', total: '0.00' })
    expect([atOnce.making, atOnce.order?.status]).toEqual([true, 'Active'])
    const byHand = await order({ provision_on: 'manual' }, 0)
    expect([byHand.making, byHand.order?.status]).toEqual([false, 'Pending'])
  })
})

describe('an order that is taken back', () => {
  const place = async () => {
    const buyer = await signUp(full)
    const product = await shop.product({ prices: { m: [1000] }, more: { stock: 5, provisioner: 'manual' } })
    const addon = await shop.addon(product, { m: [100] })
    const promo = await shop.promo({ code: `BACK${product}`, kind: 'percent', percent: 10, max_uses: 1 })
    await full.app.db.insertInto('promo_target').values({ promo_id: promo, product_id: product, max_uses: 1 }).execute()
    const body = { cycle: 'm', pay_method: free, promocode: `BACK${product}`, addon: { [addon]: 1 } }
    const placed = await buyer.post(`/order/${product}`, body)
    expect(placed.status, placed.text).toBe(200)
    const left = async () => {
      await countReturns(full.app)
      const { stock } = await full.app.db
        .selectFrom('product')
        .select('stock')
        .where('id', '=', product)
        .executeTakeFirstOrThrow()
      const { uses } = await full.app.db
        .selectFrom('promo_code')
        .select('uses')
        .where('id', '=', promo)
        .executeTakeFirstOrThrow()
      const target = await full.app.db
        .selectFrom('promo_target')
        .select('uses')
        .where('promo_id', '=', promo)
        .executeTakeFirstOrThrow()
      return { stock, uses, ofTarget: target.uses }
    }
    const states = async () => ({
      orders: (await ordersOf(buyer.accountId)).map(order => order.status),
      services: (await servicesOf(buyer.accountId)).map(service => service.status),
      invoice: (
        await full.app.db
          .selectFrom('invoice')
          .select('status')
          .where('id', '=', placed.json.invoice_id)
          .executeTakeFirst()
      )?.status,
    })
    const [order] = await ordersOf(buyer.accountId)
    return {
      buyer,
      order,
      left,
      states,
      again: () => buyer.post(`/order/${product}`, body),
      invoiceId: placed.json.invoice_id as string,
    }
  }

  test('by cancelling it voids its invoice, ends its services and lets others have what it took', async () => {
    const { buyer, order, left, states, again } = await place()
    expect(await left()).toEqual({ stock: 4, uses: 1, ofTarget: 1 })
    await decideAs(buyer, order, cancelOrder)
    expect(await states()).toEqual({
      orders: ['Cancelled'],
      services: ['Cancelled', 'Cancelled'],
      invoice: 'Cancelled',
    })
    expect(await left()).toEqual({ stock: 5, uses: 0, ofTarget: 0 })
    expect((await again()).status).toBe(200)
  })

  test('gives back what it took, whatever is counted and limited by then', async () => {
    const [one, two] = [await signUp(full), await signUp(full)]
    const product = await shop.product({ prices: { m: [1000] }, more: { provisioner: 'manual' } })
    const code = `LAST${product}`
    const promo_id = await shop.promo({ code, kind: 'percent', percent: 10 })
    await full.app.db.insertInto('promo_target').values({ promo_id, product_id: product, max_uses: 2 }).execute()
    const item = { type: 'product', product_id: product, cycle: 'm' }
    const place = (buyer: Customer, items: object[]) =>
      buyer.post('/order', { items, pay_method: free, promocode: code })
    await place(one, [item])
    await place(two, [item, item]) // one of the two gets the discount
    const left = async () => {
      await countReturns(full.app)
      const { db } = full.app
      const of = db.selectFrom('product').innerJoin('promo_target', 'product_id', 'product.id')
      return of.select(['stock', 'uses']).where('product.id', '=', product).executeTakeFirstOrThrow()
    }
    expect(await left()).toEqual({ stock: null, uses: 2 })
    await full.app.db.updateTable('product').set({ stock: 5 }).where('id', '=', product).execute()
    const [order] = await ordersOf(two.accountId)
    await decideAs(two, order, cancelOrder)
    expect(await left()).toEqual({ stock: 5, uses: 1 })
  })

  test('as fraud leaves fraud behind', async () => {
    const { buyer, order, left, states } = await place()
    await decideAs(buyer, order, markFraud)
    expect(await states()).toEqual({ orders: ['Fraud'], services: ['Fraud', 'Fraud'], invoice: 'Cancelled' })
    expect(await left()).toEqual({ stock: 5, uses: 0, ofTarget: 0 })
  })

  test('by voiding its invoice is cancelled, once', async () => {
    const { buyer, left, states, invoiceId } = await place()
    const void_ = () =>
      buyer.run(async ctx =>
        voidInvoice(ctx, await ctx.begin(), { id: invoiceId, accountId: buyer.accountId }, 'not wanted'),
      )
    await void_()
    await expect(void_()).rejects.toMatchObject({ code: 'conflict' })
    expect(await states()).toEqual({
      orders: ['Cancelled'],
      services: ['Cancelled', 'Cancelled'],
      invoice: 'Cancelled',
    })
    expect(await left()).toEqual({ stock: 5, uses: 0, ofTarget: 0 })
  })

  const over = { orders: ['Cancelled'], services: ['Cancelled', 'Cancelled'] }

  test('while its invoice is with collections gives the credit back that paid a part of it', async () => {
    const { buyer, order, states, invoiceId } = await place()
    const { accountId } = buyer
    await payByCredit(buyer, invoiceId, 500n)
    await buyer.run(async ctx => sendToCollections(ctx, await ctx.begin(), { id: invoiceId, accountId }))
    await decideAs(buyer, order, cancelOrder)
    expect(await states()).toEqual({ ...over, invoice: 'Cancelled' })
    expect(await creditOf(full.app.db, accountId, 'EUR')).toBe(500n)
  })

  test('by a credit note for all of its invoice, which was paid in part, is cancelled', async () => {
    const { buyer, left, states, invoiceId } = await place()
    await payByCredit(buyer, invoiceId, 500n)
    await buyer.run(async ctx =>
      issueCreditNote(ctx, await ctx.begin(), { invoiceId, lines: 'all', payOut: 'credit', reason: 'not wanted' }),
    )
    expect(await states()).toEqual({ ...over, invoice: 'Refunded' })
    expect(await left()).toEqual({ stock: 5, uses: 0, ofTarget: 0 })
  })

  test('can be cancelled where its invoice is over without it', async () => {
    const { buyer, order, states, invoiceId } = await place()
    await buyer.run(async ctx => {
      // As programs left it that did not cancel the order with its invoice.
      const effects = { ...ctx.effects, invoiceCancelled: async () => undefined }
      const tx = await ctx.begin()
      await voidInvoice({ ...ctx, effects }, tx, { id: invoiceId, accountId: buyer.accountId }, 'not wanted')
    })
    await decideAs(buyer, order, cancelOrder)
    expect(await states()).toEqual({ ...over, invoice: 'Cancelled' })
  })

  test.each([
    ['accepted', acceptOrder],
    ['cancelled', cancelOrder],
    ['marked as fraud', markFraud],
  ] as const)('is decided once: what was %s stays so', async (_how, first) => {
    const { buyer, order } = await place()
    await decideAs(buyer, order, first)
    for (const then of [acceptOrder, cancelOrder, markFraud])
      await expect(decideAs(buyer, order, then)).rejects.toMatchObject({ code: 'conflict' })
  })

  test("is nobody else's to take back", async () => {
    const { buyer, order } = await place()
    await expect(
      decideAs({ ...buyer, accountId: (await signUp(full)).accountId }, order, cancelOrder),
    ).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})
