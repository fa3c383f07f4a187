import { DriverError, type Outcome, type PaymentDriver } from '@innkeeper/drivers'
import type { Context, InvoiceRef } from '../../context.ts'
import { Refusal } from '../../refusal.ts'
import { separately } from '../../separately.ts'
import { audit } from '../audit/index.ts'
import { type InvoiceStatus, lockAccount, lockInvoice, nameOf, wasTakenBack } from '../billing/index.ts'
import type { Attempt } from './attempt.ts'
import { decideAttempt, nameAttempt } from './attempt-store.ts'
import { cardsOf, type SavedCard } from './card-store.ts'
import { concludeAttempt } from './conclude-attempt.ts'
import { gatewayOf } from './gateways.ts'
import { settleAt } from './job-kinds.ts'
import { type Lease, mustBeDue, takeLease } from './take-lease.ts'

/** What became of a charge. */
export type Charged =
  | { readonly state: 'paid'; readonly status: InvoiceStatus }
  | { readonly state: 'declined'; readonly reason: string }
  /**
   * The gateway did not answer: the invoice stays leased until it is known, and nobody charges again. Or it took money
   * that could not be booked: the account is parked.
   */
  | { readonly state: 'unknown' }
  /** There is no card to charge, or none that may be: the money was taken back, and could come back yet. */
  | { readonly state: 'no card' }

/** How long whoever charges may take before a job looks what became of it. */
const leaseMilliseconds = 90_000
/** The look after a charge without an answer. */
const soonMilliseconds = 15_000

/**
 * Charges what is due on an invoice to the card that is kept for its account and its method, while nobody is there: once, whoever else
 * asks at the same time, and whatever dies in between. Refuses `conflict` where nothing is due, and
 * `payment_in_progress` where it is being paid.
 */
export async function chargeInvoice(ctx: Context, ref: InvoiceRef, methodId?: string): Promise<Charged> {
  // Whoever wants to pay this invoice otherwise is not charged behind their back.
  const wanted = methodId ?? (await separately(ctx, (_apart, tx) => lockInvoice(tx, ref))).paymentMethodId
  if (await wasTakenBack(ctx.db, ref)) return { state: 'no card' }
  const cards = await cardsOf(ctx.db, ref.accountId)
  const card = cards.find(one => (wanted === null ? ctx.gateways.has(one.driver) : one.methodId === wanted))
  if (card === undefined) return { state: 'no card' }
  const gateway = gatewayOf(ctx, card.driver)
  const lease = await takeLease(ctx, ref, {
    ...{ methodId: card.methodId, driver: card.driver, kind: 'off_session', saveCard: false },
    milliseconds: leaseMilliseconds,
  })
  const outcome = await charge(ctx, gateway, lease, card)
  if (outcome === undefined) return { state: 'unknown' }
  const status = await concludeAttempt(ctx, lease.attempt, outcome)
  if (status !== undefined) return { state: 'paid', status }
  return outcome.state === 'failed' ? { state: 'declined', reason: outcome.reason } : { state: 'unknown' }
}

/** Undefined: nobody knows yet. */
async function charge(
  ctx: Context,
  gateway: PaymentDriver,
  { attempt, invoice }: Lease,
  { customerRef, cardRef }: SavedCard,
): Promise<Outcome | undefined> {
  const { amountMinor, currency } = attempt
  let begun = false
  try {
    const wish = { amountMinor, currency, customerRef, cardRef, description: nameOf(invoice) }
    const outcome = await gateway.charge(attempt.id, wish, async externalId => {
      await begin(ctx, attempt, externalId)
      begun = true
    })
    if (outcome.state !== 'pending') return outcome
  } catch (error) {
    if (!begun) {
      const why = error instanceof DriverError ? error.message : 'it was not begun'
      await giveUp(ctx, attempt, why)
      throw error
    }
    ctx.log.warn({ err: error, attempt: attempt.id }, 'the gateway did not say what became of a charge')
  }
  await separately(ctx, async (apart, tx) => {
    const at = apart.clock.now()
    if (!(await decideAttempt(tx, attempt, { state: 'unknown', error: 'no answer', at }))) return
    await settleAt(tx, attempt.id, new Date(at.getTime() + soonMilliseconds))
  })
  return undefined
}

/** Nothing was asked of the gateway that could move money. */
async function giveUp(ctx: Context, attempt: Attempt, reason: string): Promise<void> {
  await separately(ctx, async (apart, tx) => {
    if (!(await decideAttempt(tx, attempt, { state: 'failed', error: reason, at: apart.clock.now() }))) return
    await audit(apart, tx, {
      event: 'payment.fail',
      description: 'The kept card was not charged: it could not be begun',
      detail: { invoice: attempt.invoiceId, reason, amount_minor: String(attempt.amountMinor) },
      accountId: attempt.accountId,
    })
  })
}

/** The last moment before money moves: it still has to be due, and the attempt not given up by the job that looks after it. */
async function begin(ctx: Context, attempt: Attempt, externalId: string): Promise<void> {
  await separately(ctx, async (_apart, tx) => {
    await lockAccount(tx, attempt.accountId)
    const invoice = await lockInvoice(tx, { id: attempt.invoiceId, accountId: attempt.accountId })
    mustBeDue(invoice)
    if (await wasTakenBack(tx, invoice)) throw new Refusal('conflict', { also: ['charged_back'] })
    if (invoice.dueMinor !== attempt.amountMinor || !(await nameAttempt(tx, attempt, externalId))) {
      throw new Refusal('conflict', { also: ['amount_changed'] })
    }
  })
}
