import { euVatNumber } from '@innkeeper/money'
import { Type } from 'typebox'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { enqueue, jobKind } from '../../jobs/index.ts'

const minute = 60_000
const day = 86_400_000

/** Numbers lapse without anybody being told, and a wrong one may be registered yet. */
const askAgainAfter = { valid: 30 * day, invalid: 7 * day }
const longestPause = day / 4

/** When a number is to be asked about again; `tries`: how often there was no answer, this time included. */
export function nextCheckAt(at: Date, state: 'valid' | 'invalid' | 'unknown', tries: number): Date {
  const pause = state === 'unknown' ? Math.min(minute * 5 * 2 ** (tries - 1), longestPause) : askAgainAfter[state]
  return new Date(at.getTime() + pause)
}

/** The job that asks about the VAT number that the account's owner has by then. */
export const checkVatNumberKind = jobKind({
  name: 'tax.check-vat-number',
  payload: Type.Object({ accountId: Type.String() }),
  maxAttempts: 5,
})

/** Lets the number of the account's owner be checked, if it has one and that is not known yet. */
export function checkVatNumberSoon(_ctx: Pick<Context, 'config'>, tx: Tx, accountId: string): Promise<void> {
  return enqueue(tx, checkVatNumberKind, { accountId }, { key: accountId })
}

/** The number as registers have it; undefined for what is no number of the EU, which nobody can be asked about. */
export function registeredForm(vatNumber: string) {
  const number = euVatNumber(vatNumber)
  return number === undefined ? undefined : { prefix: number.prefix, number: number.number }
}
