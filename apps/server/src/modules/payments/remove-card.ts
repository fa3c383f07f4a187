import type { SignedInContext } from '../../context.ts'
import { enqueue } from '../../jobs/index.ts'
import { notFound } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { methodById } from '../payment-methods/index.ts'
import { removeCard as removeRow } from './card-store.ts'
import { forgetKind } from './job-kinds.ts'

/** A card that is removed is never charged again; the gateway forgets it as soon as it can be reached. */
export async function removeCard(ctx: SignedInContext, id: string): Promise<void> {
  const { accountId } = ctx.identity
  const tx = await ctx.begin()
  const removed = await removeRow(tx, accountId, id, ctx.clock.now())
  if (removed === undefined) throw notFound()
  const method = await methodById(tx, removed.methodId, '')
  if (method !== undefined) await enqueue(tx, forgetKind, { driver: method.driver, cardRef: removed.cardRef })
  await audit(ctx, tx, {
    event: 'card.remove',
    description: `Card ending in ${removed.last4} removed`,
    detail: { card: id },
    accountId,
  })
}
