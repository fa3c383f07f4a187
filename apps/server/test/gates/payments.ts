import { issueInvoice } from '../../src/modules/billing/index.ts'
import { asSystem } from '../../src/operator.ts'
import { cartOf } from '../billing.ts'
import type { World } from './world.ts'

/** An unpaid invoice of the world's account. */
export async function freshDebt({ full, accountId }: World): Promise<string> {
  const made = await asSystem(full.app, async ctx =>
    issueInvoice(ctx, await ctx.begin(), { accountId, priced: cartOf([2000n]) }),
  )
  return made.id
}

/** The way to pay by transfer. */
export async function bankMethod({ full: { app } }: World): Promise<string> {
  const { id } = await app.db
    .insertInto('payment_method')
    .values({ key: 'gate', driver: 'bank', name: 'Transfer' })
    .onConflict(conflict => conflict.column('key').doUpdateSet({ driver: 'bank' }))
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** A card that is kept for the world's account, in the place of the one before. */
export async function freshCard(world: World): Promise<string> {
  const { accountId, full, freshLabel } = world
  const { db, clock } = full.app
  const method_id = await bankMethod(world)
  await db.updateTable('saved_card').set({ removed_at: clock.now() }).where('account_id', '=', accountId).execute()
  const refs = { customer_ref: freshLabel(), card_ref: freshLabel() }
  const { id } = await db
    .insertInto('saved_card')
    .values({ account_id: accountId, method_id, ...refs, brand: 'visa', last4: '4242', created_at: clock.now() })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
