import { type Currency, type Minor, parseAmount } from '@innkeeper/money'
import { badField } from '../../refusal.ts'

/** An amount that was sent, more than 0; refused where it is finer than the currency has decimals for. */
export function readAmount(field: string, text: string, currency: Currency): Minor {
  const amount = parseAmount(text, currency)
  if (amount === undefined || amount <= 0n) throw badField(field, 'field_format_error')
  return amount
}
