import { randomUUID } from 'node:crypto'
import type { Context, InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { Refusal } from '../../refusal.ts'
import { separately } from '../../separately.ts'
import { type InvoiceState, lockAccount, lockInvoice, refuseParked } from '../billing/index.ts'
import type { Attempt } from './attempt.ts'
import { insertAttempt, openAttemptOf } from './attempt-store.ts'
import { settleSoon } from './job-kinds.ts'
import { cancelAttempt } from './settle-attempt.ts'

/** What an attempt is to be. */
export interface LeaseWish {
  readonly methodId: string
  readonly driver: string
  readonly kind: Attempt['kind']
  readonly saveCard: boolean
  readonly milliseconds: number
}

export interface Lease {
  readonly attempt: Attempt
  readonly invoice: InvoiceState
  /** It is an earlier one, which serves as well. */
  readonly reused: boolean
}

/** A page is not handed out again when it closes so soon. */
const leastMilliseconds = 10 * 60_000
/** A page of which nothing is known for so long was never made. */
const youngMilliseconds = 60_000

/**
 * Takes the lease on charging an invoice, for what is due at that moment. A page that is open and does not serve is
 * closed at its gateway first, so that the customer cannot pay there what is charged here.
 */
export async function takeLease(ctx: Context, ref: InvoiceRef, wish: LeaseWish): Promise<Lease> {
  for (let tries = 0; tries < 3; tries++) {
    const found = await separately(ctx, (apart, tx) => leaseIn(apart, tx, ref, wish))
    if (found.attempt !== undefined) return found
    const decided = await cancelAttempt(ctx, found.inTheWay)
    if (!decided) break
  }
  throw inProgress()
}

async function leaseIn(
  ctx: Context,
  tx: Tx,
  ref: InvoiceRef,
  wish: LeaseWish,
): Promise<Lease | { readonly inTheWay: Attempt; readonly attempt?: never }> {
  refuseParked(await lockAccount(tx, ref.accountId))
  const invoice = await lockInvoice(tx, ref)
  mustBeDue(invoice)
  const now = ctx.clock.now().getTime()
  const open = await openAttemptOf(tx, ref.accountId, ref.id)
  if (open !== undefined) {
    const young = open.url === null && now - open.createdAt.getTime() < youngMilliseconds
    if (open.kind === 'off_session' || open.state === 'unknown' || young) throw inProgress()
    const serves =
      wish.kind === 'checkout' &&
      open.url !== null &&
      open.methodId === wish.methodId &&
      open.saveCard === wish.saveCard &&
      open.amountMinor === invoice.dueMinor &&
      open.expiresAt.getTime() - now >= leastMilliseconds
    return serves ? { attempt: open, invoice, reused: true } : { inTheWay: open }
  }
  const { methodId, driver, kind, saveCard, milliseconds } = wish
  const attempt = {
    ...{ id: randomUUID(), accountId: ref.accountId, invoiceId: ref.id, methodId, kind, saveCard },
    ...{ amountMinor: invoice.dueMinor, currency: invoice.currency.code },
    ...{ createdAt: new Date(now), expiresAt: new Date(now + milliseconds) },
  }
  // The account is locked, so nobody else can be about to take it; the index has the last word nevertheless.
  if (!(await insertAttempt(tx, attempt))) throw inProgress()
  await settleSoon(tx, attempt)
  return { attempt: { ...attempt, driver, state: 'open', externalId: null, url: null }, invoice, reused: false }
}

/** Refuses to ask for money that nobody owes. */
export function mustBeDue({ kind, status, dueMinor }: InvoiceState): void {
  const payable = kind === 'invoice' && (status === 'Unpaid' || status === 'Collections')
  if (!payable || dueMinor <= 0n) throw new Refusal('conflict', { also: [status] })
}

export function inProgress(): Refusal {
  return new Refusal('payment_in_progress', { retryAfterSeconds: 5 })
}
