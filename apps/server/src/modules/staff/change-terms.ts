import type { Context } from '../../context.ts'
import { badField, Refusal } from '../../refusal.ts'
import { type Terms, updateTerms } from '../accounts/index.ts'
import { audit } from '../audit/index.ts'
import { currencyOf, lockAccount } from '../billing/index.ts'
import { hasMoney } from './clients-store.ts'

/**
 * Changes the terms of a client. The lock is what invoices and orders are made under, so nothing is billed in the old
 * currency between the look and the change.
 */
export async function changeTerms(ctx: Context, accountId: string, terms: Terms): Promise<void> {
  const tx = await ctx.begin()
  const account = await lockAccount(tx, accountId)
  const { taxExempt, autoApplyCredit } = account
  const { currency } = terms
  if (currency !== undefined && currency !== account.currency) {
    if ((await currencyOf(tx, currency)) === undefined) throw badField('currency', 'field_format_error')
    if (await hasMoney(tx, accountId)) throw new Refusal('conflict', { also: ['billed_already'] })
  }
  await updateTerms(tx, accountId, terms)
  await audit(ctx, tx, {
    event: 'account.terms',
    description: 'Changed tax, currency or use of credit',
    detail: { before: { taxExempt, currency: account.currency, autoApplyCredit }, after: terms },
    accountId,
  })
}
