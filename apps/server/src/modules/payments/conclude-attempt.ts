import type { GatewayPayment, KeptCard, Outcome } from '@innkeeper/drivers'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { enqueue } from '../../jobs/index.ts'
import { separately } from '../../separately.ts'
import { audit } from '../audit/index.ts'
import { type InvoiceStatus, lockAccount, recordPayment } from '../billing/index.ts'
import type { Attempt } from './attempt.ts'
import { decideAttempt } from './attempt-store.ts'
import { bookOrPark } from './book-or-park.ts'
import { bookReversals } from './book-reversals.ts'
import { replaceCard } from './card-store.ts'
import { forgetKind, lookLater } from './job-kinds.ts'

/**
 * Writes down what a gateway says of an attempt. The answer to a charge, a delivery and the look of a job may all say the
 * same, in any order and more than once: each payment, refund and dispute is booked once. Gives what the invoice is then;
 * undefined where nothing is booked.
 */
export async function concludeAttempt(
  ctx: Context,
  attempt: Attempt,
  outcome: Outcome,
): Promise<InvoiceStatus | undefined> {
  if (outcome.state === 'pending') return undefined
  return separately(ctx, async (apart, tx) => {
    await lockAccount(tx, attempt.accountId)
    if (outcome.state === 'paid') return paid(apart, tx, attempt, outcome.payment)
    await failed(apart, tx, attempt, outcome.reason)
    return undefined
  })
}

async function paid(
  ctx: Context,
  tx: Tx,
  attempt: Attempt,
  payment: GatewayPayment,
): Promise<InvoiceStatus | undefined> {
  const { accountId, invoiceId, methodId, driver } = attempt
  // First, since what follows from a paid invoice is that its open attempts are closed.
  const first = await decideAttempt(tx, attempt, { state: 'succeeded', at: ctx.clock.now() })
  const { amountMinor, currency, feeMinor = 0n } = payment
  const received = {
    ...{ accountId, invoiceId, methodId, gateway: driver, externalId: payment.id, amountMinor, currency },
    feeMinor,
    at: businessTime(ctx, payment.at),
    note: attempt.kind === 'checkout' ? 'Paid on the page of the gateway' : 'Kept card charged',
  }
  const moved = { accountId, gateway: driver, what: `payment ${payment.id}` }
  const recorded = await bookOrPark(ctx, tx, moved, () => recordPayment(ctx, tx, received))
  // A delivery that is repeated later must not bring back a card that was replaced or removed since.
  if (first && payment.card !== undefined) await keepCard(ctx, tx, attempt, payment.card)
  if (recorded === undefined) return undefined
  if (first && payment.feeMinor === undefined) await lookLater(tx, driver, payment.id, ctx.clock.now())
  const status = await bookReversals(ctx, tx, recorded.paymentId, payment)
  return status ?? recorded.status ?? undefined
}

async function failed(ctx: Context, tx: Tx, attempt: Attempt, reason: string): Promise<void> {
  const state = attempt.kind === 'checkout' ? 'expired' : 'failed'
  const first = await decideAttempt(tx, attempt, { state, error: reason, at: ctx.clock.now() })
  if (!first || state === 'expired') return
  await audit(ctx, tx, {
    event: 'payment.decline',
    description: 'The kept card could not be charged',
    detail: { invoice: attempt.invoiceId, reason, amount_minor: String(attempt.amountMinor) },
    accountId: attempt.accountId,
  })
}

async function keepCard(ctx: Context, tx: Tx, attempt: Attempt, card: KeptCard): Promise<void> {
  const { accountId, methodId, driver } = attempt
  const before = await replaceCard(tx, accountId, methodId, card, ctx.clock.now())
  if (before !== undefined && before !== card.cardRef) await enqueue(tx, forgetKind, { driver, cardRef: before })
  await audit(ctx, tx, {
    event: 'card.save',
    description: `Card ending in ${card.last4} kept`,
    detail: { brand: card.brand, last4: card.last4 },
    accountId,
  })
}

/** A moment of the gateway's clock on the clock of money: as long ago there as it is here. */
function businessTime({ clock, business }: Pick<Context, 'clock' | 'business'>, moment: Date): Date {
  const ago = Math.max(0, clock.now().getTime() - moment.getTime())
  return new Date(business.now().getTime() - ago)
}
