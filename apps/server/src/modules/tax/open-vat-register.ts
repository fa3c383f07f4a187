import { createVies, type VatDriver } from '@innkeeper/drivers'
import { euVatNumber } from '@innkeeper/money'
import type { Config } from '../../config.ts'

/** Who is asked about VAT numbers; with a number of the EU the seller is named, and gets proofs. */
export function openVatRegister({ seller, vat }: Pick<Config, 'seller' | 'vat'>): VatDriver {
  const requester = euVatNumber(seller.vatNumber)
  return createVies({ url: vat.viesUrl, ...(requester === undefined ? {} : { requester }) })
}
