import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { undoable } from '../../db/savepoint.ts'
import { Refusal } from '../../refusal.ts'
import { type PaymentState, parkAccount } from '../billing/index.ts'

/** What moved at a gateway, in words for whoever looks. */
interface Moved extends Pick<PaymentState, 'accountId' | 'gateway'> {
  readonly what: string
}

/**
 * Books money that has moved at the gateway, whatever our books think of it. Where they cannot take it in, nothing of it
 * is booked and the account is parked, so that nothing is billed on wrong figures and somebody looks: undefined.
 */
export async function bookOrPark<T>(
  ctx: Context,
  tx: Tx,
  { accountId, gateway, what }: Moved,
  book: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await undoable(tx, book)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    await parkAccount(ctx, tx, accountId, `${what} at ${gateway} cannot be booked: ${error.code}`)
    return undefined
  }
}
