import { creditorReference, printedReference } from '@innkeeper/drivers'
import { formatAmount } from '@innkeeper/money'
import type { App } from '../../context.ts'
import type { InvoiceState } from '../billing/index.ts'
import type { PaymentMethod } from '../payment-methods/index.ts'

/** What has to stand on a transfer that pays an invoice. */
export interface BankInstructions {
  /** By which the transfer is recognised (ISO 11649), in groups of four. */
  readonly reference: string
  readonly beneficiary: string
  readonly iban: string
  readonly bic: string
  /** Decimal. */
  readonly amount: string
  readonly currency: string
}

/** The account of the method's options, or else the seller's. */
export function bankInstructions(
  { config: { seller } }: Pick<App, 'config'>,
  { options }: Pick<PaymentMethod, 'options'>,
  { id, dueMinor, currency }: InvoiceState,
): BankInstructions {
  const option = (name: string, otherwise: string) => {
    const value = options[name]
    return typeof value === 'string' && value !== '' ? value : otherwise
  }
  return {
    reference: printedReference(creditorReference(id)),
    beneficiary: option('beneficiary', seller.name),
    iban: option('iban', seller.iban),
    bic: option('bic', seller.bic),
    amount: formatAmount(dueMinor, currency),
    currency: currency.code,
  }
}
