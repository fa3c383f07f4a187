import { least, type Minor, type PricedCart } from '@innkeeper/money'
import { Refusal } from '../../refusal.ts'
import type { Facts } from './facts.ts'

/** Who chose credit is not asked a second time whether invoices are to be paid with it. */
export function choseCredit({ method }: Pick<Facts, 'method'>): boolean {
  return method?.driver === 'credit'
}

/** What of the total the account's credit pays at once, as far as it goes. */
export function creditFor(facts: Facts, { totalMinor }: PricedCart): Minor {
  const { account, creditMinor } = facts
  const pays = account.autoApplyCredit || choseCredit(facts)
  return pays && creditMinor > 0n ? least(creditMinor, totalMinor) : 0n
}

/** Who pays with credit has to have it; every other way to pay takes the rest. */
export function mustAfford(facts: Facts, { totalMinor }: PricedCart): void {
  if (choseCredit(facts) && facts.creditMinor < totalMinor) throw new Refusal('insufficient_credit')
}
