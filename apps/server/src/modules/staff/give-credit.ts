import { randomUUID } from 'node:crypto'
import type { Minor } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import { addCredit, creditOf, currencyOf, lockAccount } from '../billing/index.ts'
import { readAmount } from './amounts.ts'

export interface CreditGift {
  readonly amount: string
  readonly description: string
  /** Takes it away instead. */
  readonly take: boolean
}

/** Gives a client credit, or takes some away; what there is then. */
export async function giveCredit(ctx: Context, accountId: string, gift: CreditGift) {
  const tx = await ctx.begin()
  const account = await lockAccount(tx, accountId)
  const currency = await currencyOf(tx, account.currency)
  if (currency === undefined) throw new Error(`no currency ${account.currency}`)
  const given = readAmount('amount', gift.amount, currency)
  const amountMinor: Minor = gift.take ? -given : given
  const { description } = gift
  // Each request is a gift of its own; one that is sent twice has its Idempotency-Key.
  await addCredit(ctx, tx, {
    accountId,
    amountMinor,
    currency: currency.code,
    key: `staff:${randomUUID()}`,
    description,
  })
  return { creditMinor: await creditOf(tx, accountId, currency.code), currency }
}
