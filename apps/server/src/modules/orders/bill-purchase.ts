import type { PricedCart } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { Refusal } from '../../refusal.ts'
import { applyCredit, type IssuedInvoice, issueInvoice, type LockedAccount, settleInvoice } from '../billing/index.ts'
import type { ProductOffer } from '../catalog/index.ts'
import type { PaymentMethod } from '../payment-methods/index.ts'
import { billPeriods, startProvisioning } from '../services/index.ts'
import { choseCredit } from './by-credit.ts'
import { linesOf, type Purchase, periodNet } from './make-services.ts'
import { billOrders } from './store.ts'
import type { Thing } from './thing.ts'

/**
 * Bills what was bought: the invoice, the periods that it is for, the credit that pays it. Null: there is nothing to pay.
 * Starts to make what does not wait for a payment or for staff. Who takes the number of an invoice keeps everybody else
 * waiting for theirs, so only what needs the invoice is written after it.
 */
export async function billPurchase(
  ctx: Context,
  tx: Tx,
  purchase: Purchase,
  serviceIds: ReadonlyMap<string, string>,
  account: LockedAccount,
  method: PaymentMethod | undefined,
): Promise<string | null> {
  const { accountId, priced, orderIds } = purchase
  if (priced.totalMinor === 0n) {
    await billFirstPeriods(ctx, tx, purchase, serviceIds, undefined)
    await startProvisioning(ctx, tx, accountId, idsMadeOn(['order', 'payment'], purchase, serviceIds))
    return null
  }
  await startProvisioning(ctx, tx, accountId, idsMadeOn(['order'], purchase, serviceIds))
  const paymentMethodId = method?.id ?? null
  const billed = withItems(priced, serviceIds)
  const invoice = await issueInvoice(ctx, tx, { accountId, account, paymentMethodId, priced: billed })
  await billFirstPeriods(ctx, tx, purchase, serviceIds, invoice)
  await billOrders(tx, accountId, [...orderIds.values()], invoice.id)
  if (choseCredit({ method })) await applyCredit(ctx, tx, { accountId, account, invoiceId: invoice.id })
  else await settleInvoice(ctx, tx, { id: invoice.id, accountId }, account)
  return invoice.id
}

/** The new services whose product is made then; domains are made when they are paid. */
function idsMadeOn(
  moments: readonly ProductOffer['provisionOn'][],
  { things }: Purchase,
  serviceIds: ReadonlyMap<string, string>,
): readonly string[] {
  return things.flatMap(({ key, what }) => {
    const moment = 'product' in what ? what.product.provisionOn : 'payment'
    return what.kind === 'renewal' || !moments.includes(moment) ? [] : (serviceIds.get(key) ?? [])
  })
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
