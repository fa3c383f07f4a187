import type { PricedCart } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { Refusal } from '../../refusal.ts'
import { applyCredit, type IssuedInvoice, issueInvoice, settleInvoice } from '../billing/index.ts'
import type { PaymentMethod } from '../payments/index.ts'
import { billPeriods, startProvisioning } from '../services/index.ts'
import { linesOf, type Purchase, periodNet } from './make-services.ts'
import { billOrders } from './store.ts'
import type { Thing } from './thing.ts'

/**
 * Bills what was bought: the invoice, the periods that it is for, the credit that pays it. Null: there is nothing to pay.
 * Starts to make what does not wait for a payment or for staff.
 */
export async function billPurchase(
  ctx: Context,
  tx: Tx,
  purchase: Purchase,
  serviceIds: ReadonlyMap<string, string>,
  method: PaymentMethod | undefined,
): Promise<string | null> {
  const { accountId, priced, orderIds } = purchase
  const free = priced.totalMinor === 0n
  const invoice = free
    ? undefined
    : await issueInvoice(ctx, tx, {
        accountId,
        paymentMethodId: method?.id ?? null,
        priced: withItems(priced, serviceIds),
      })
  await billFirstPeriods(ctx, tx, purchase, serviceIds, invoice)
  if (invoice !== undefined) await billOrders(tx, accountId, [...orderIds.values()], invoice.id)
  for (const { key, what } of purchase.things) {
    const rule = 'product' in what ? what.product.provisionOn : 'payment'
    const id = serviceIds.get(key)
    if (what.kind === 'renewal' || id === undefined) continue
    if (rule === 'order' || (rule === 'payment' && free)) await startProvisioning(ctx, tx, { id, accountId })
  }
  if (invoice === undefined) return null
  // Who chose credit is not asked a second time whether invoices are to be paid with it.
  if (method?.driver === 'credit') await applyCredit(ctx, tx, { accountId, invoiceId: invoice.id })
  else await settleInvoice(ctx, tx, { id: invoice.id, accountId })
  return invoice.id
}

/** Documents name the service that a line is for. */
function withItems(priced: PricedCart, serviceIds: ReadonlyMap<string, string>): PricedCart {
  const lines = priced.lines.map(line => ({ ...line, itemId: serviceIds.get(line.key) ?? line.itemId }))
  return { ...priced, lines }
}

async function billFirstPeriods(
  ctx: Context,
  tx: Tx,
  { accountId, things, cart, priced }: Purchase,
  serviceIds: ReadonlyMap<string, string>,
  invoice: IssuedInvoice | undefined,
): Promise<void> {
  const withSetup = cart.promo?.withSetup === true
  const periods = things.flatMap(({ key, period, what }: Thing) => {
    if (period === undefined) return []
    const line = invoice?.lines.find(each => each.key === key && each.role === 'item')
    return {
      ...period,
      accountId,
      serviceId: serviceIds.get(key) ?? '',
      lineId: line?.id ?? null,
      reason: what.kind === 'renewal' ? ('renewal' as const) : ('order' as const),
      netMinor: periodNet(linesOf(priced, key), withSetup),
    }
  })
  const billed = await billPeriods(ctx, tx, periods)
  // Only a renewal can find its period on another invoice: the rest is new.
  if (billed.includes('already')) throw new Refusal('renewnotavailable')
}
