import { Type } from 'typebox'
import type { InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { enqueue, jobKind } from '../../jobs/index.ts'
import type { Attempt } from './attempt.ts'
import type { EventName } from './event-store.ts'

/** Finds out what became of an attempt. */
export const settleKind = jobKind({ name: 'payments.settle', payload: Type.Object({ attemptId: Type.String() }) })
/** Works on a delivery of a gateway. */
export const eventKind = jobKind({
  name: 'payments.event',
  payload: Type.Object({ gateway: Type.String(), eventId: Type.String() }),
})
/** A delivery has one job at a time. */
export function eventKey({ gateway, eventId }: EventName): string {
  return `${gateway}:${eventId}`
}
/** Charges the kept card of an account. */
export const chargeKind = jobKind({
  name: 'payments.charge',
  payload: Type.Object({ accountId: Type.String(), invoiceId: Type.String() }),
})
/** Gives money back that was promised back. */
export const refundKind = jobKind({ name: 'payments.refund', payload: Type.Object({ attemptId: Type.String() }) })
/** Looks at a payment whose gateway had not said what it kept of it. */
export const lookKind = jobKind({
  name: 'payments.look',
  payload: Type.Object({ gateway: Type.String(), externalId: Type.String() }),
})
/** Has a gateway forget a card. */
export const forgetKind = jobKind({
  name: 'payments.forget-card',
  payload: Type.Object({ driver: Type.String(), cardRef: Type.String() }),
})

/** Whoever makes an attempt may not live to see the end of it. A page is looked at while it is open, too. */
const firstLookMilliseconds = 90_000

/** Looks after a new attempt, in the transaction that makes it: so none is ever forgotten. */
export async function settleSoon(tx: Tx, { id, createdAt }: Pick<Attempt, 'id' | 'createdAt'>): Promise<void> {
  await settleAt(tx, id, new Date(createdAt.getTime() + firstLookMilliseconds))
}

/** Stripe promises to settle within an hour, and to tell; this is for where it cannot tell us. */
const settledMilliseconds = 2 * 3_600_000

/** Looks for what a payment cost once that is known. */
export async function lookLater(tx: Tx, gateway: string, externalId: string, now: Date): Promise<void> {
  const runAt = new Date(now.getTime() + settledMilliseconds)
  await enqueue(tx, lookKind, { gateway, externalId }, { key: `${gateway}:${externalId}`, runAt })
}

export async function settleAt(tx: Tx, attemptId: string, runAt: Date): Promise<void> {
  await enqueue(tx, settleKind, { attemptId }, { key: attemptId, runAt })
}

/** Charges the kept card of the invoice's account, if there is one, once the transaction has committed. */
export async function chargeLater(tx: Tx, { accountId, id }: InvoiceRef): Promise<void> {
  await enqueue(tx, chargeKind, { accountId, invoiceId: id }, { key: id })
}
