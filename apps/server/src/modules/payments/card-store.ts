import type { KeptCard } from '@innkeeper/drivers'
import type { Queryable, Tx } from '../../db/database.ts'

/** A card that a gateway keeps for an account. */
export interface SavedCard extends KeptCard {
  readonly id: string
  readonly methodId: string
  readonly driver: string
  readonly createdAt: Date
}

/** The cards of an account, the newest first; one for each method. */
export async function cardsOf(db: Queryable, accountId: string): Promise<SavedCard[]> {
  const rows = await db
    .selectFrom('saved_card')
    .innerJoin('payment_method', 'payment_method.id', 'saved_card.method_id')
    .where('saved_card.account_id', '=', accountId)
    .where('saved_card.removed_at', 'is', null)
    .select([
      'saved_card.id',
      'saved_card.method_id',
      'saved_card.customer_ref',
      'saved_card.card_ref',
      'saved_card.brand',
      'saved_card.last4',
      'saved_card.expires',
      'saved_card.created_at',
      'payment_method.driver',
    ])
    .orderBy('saved_card.id', 'desc')
    .execute()
  return rows.map(row => ({
    id: row.id,
    methodId: row.method_id,
    driver: row.driver,
    customerRef: row.customer_ref,
    cardRef: row.card_ref,
    brand: row.brand,
    last4: row.last4,
    expires: row.expires,
    createdAt: row.created_at,
  }))
}

/** Keeps a card in the place of the one before; gives the reference of that, undefined where there was none. */
export async function replaceCard(
  tx: Tx,
  accountId: string,
  methodId: string,
  card: KeptCard,
  at: Date,
): Promise<string | undefined> {
  const before = await tx
    .updateTable('saved_card')
    .set({ removed_at: at })
    .where('account_id', '=', accountId)
    .where('method_id', '=', methodId)
    .where('removed_at', 'is', null)
    .returning('card_ref')
    .executeTakeFirst()
  await tx
    .insertInto('saved_card')
    .values({
      account_id: accountId,
      method_id: methodId,
      customer_ref: card.customerRef,
      card_ref: card.cardRef,
      brand: card.brand,
      last4: card.last4,
      expires: card.expires,
      created_at: at,
    })
    .execute()
  return before?.card_ref
}

/** Removes a card; undefined where the account has none with this id. */
export async function removeCard(
  tx: Tx,
  accountId: string,
  id: string,
  at: Date,
): Promise<{ readonly cardRef: string; readonly last4: string; readonly methodId: string } | undefined> {
  const row = await tx
    .updateTable('saved_card')
    .set({ removed_at: at })
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .where('removed_at', 'is', null)
    .returning(['card_ref', 'last4', 'method_id'])
    .executeTakeFirst()
  return row === undefined ? undefined : { cardRef: row.card_ref, last4: row.last4, methodId: row.method_id }
}

/** What the gateway calls the account, also after all its cards were removed. */
export async function customerRefOf(db: Queryable, accountId: string, methodId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('saved_card')
    .where('account_id', '=', accountId)
    .where('method_id', '=', methodId)
    .select('customer_ref')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.customer_ref
}
