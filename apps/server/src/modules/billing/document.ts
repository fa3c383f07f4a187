import type { InvoiceDocument, Party } from '@innkeeper/documents'
import { creditorReference } from '@innkeeper/drivers'
import { type Currency, dayOf, divideHalfUp } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import type { Queryable } from '../../db/database.ts'
import { notFound } from '../../refusal.ts'
import { currencyOf } from './currency-store.ts'
import { readDocument, type WholeInvoice } from './invoice-reads-store.ts'

export interface FoundDocument extends Pick<WholeInvoice, 'status' | 'payBy' | 'proformaNumber'> {
  readonly document: InvoiceDocument
}

/** A document as it is printed, from what it said when it was made. A draft is no document. */
export async function documentOf(
  ctx: Pick<Context, 'config'>,
  db: Queryable,
  accountId: string,
  invoiceId: string,
): Promise<FoundDocument> {
  const invoice = await readDocument(db, accountId, invoiceId)
  if (invoice === undefined || invoice.status === 'Draft') throw notFound()
  const { billing, timeZone } = ctx.config
  const home = invoice.currency.code === billing.currency ? undefined : await currencyOf(db, billing.currency)
  const { status, payBy, proformaNumber } = invoice
  return { document: printed(invoice, timeZone, home), status, payBy, proformaNumber }
}

function printed(invoice: WholeInvoice, timeZone: string, home: Currency | undefined): InvoiceDocument {
  const note = invoice.kind === 'credit_note'
  const name = invoice.number ?? invoice.proformaNumber ?? invoice.id
  const { iban = '', bic = '' } = invoice.seller
  const open = invoice.dueMinor > 0n
  const taxMinor = invoice.taxMinor + invoice.tax2Minor
  return {
    kind: note ? 'credit_note' : invoice.number === null ? 'proforma' : 'invoice',
    number: name,
    issuedOn: invoice.issuedOn,
    dueOn: note ? null : invoice.dueOn,
    paidOn: note || invoice.paidAt === null ? null : dayOf(invoice.paidAt, timeZone),
    isVoid: invoice.status === 'Cancelled',
    currency: invoice.currency,
    seller: sellerParty(invoice.seller),
    buyer: buyerParty(invoice.buyer),
    lines: invoice.lines,
    inclusive: invoice.inclusive,
    taxes: invoice.groups,
    subtotalMinor: invoice.subtotalMinor,
    taxMinor,
    totalMinor: invoice.totalMinor,
    paidMinor: note ? invoice.totalMinor : invoice.paidMinor,
    creditedMinor: note ? 0n : invoice.creditedMinor,
    dueMinor: invoice.dueMinor,
    homeTax: home === undefined ? null : { currency: home, taxMinor: atHome(taxMinor, invoice, home) },
    corrects: invoice.corrects,
    correctedBy: invoice.correctedBy,
    notes: invoice.notes,
    transfer: open && iban !== '' ? { iban, bic, reference: creditorReference(invoice.id) } : null,
  }
}

/** The rate is in units of the invoice's currency for one of the provider's, with eight decimals. */
function atHome(minor: bigint, { rate, currency }: WholeInvoice, home: Currency): bigint {
  const [units = '0', decimals = ''] = rate.split('.')
  const scaled = BigInt(units + decimals.padEnd(8, '0'))
  return divideHalfUp(minor * 10n ** BigInt(8 + home.exponent), scaled * 10n ** BigInt(currency.exponent))
}

type Snapshot = WholeInvoice['seller']

function sellerParty(seller: Snapshot): Party {
  return {
    ...address(seller),
    name: seller.name ?? '',
    contact: '',
    phone: seller.phone ?? '',
    vatNumber: seller.vatNumber ?? '',
    registrationNumber: seller.registrationNumber ?? '',
  }
}

function buyerParty(buyer: Snapshot): Party {
  const person = `${buyer.firstname ?? ''} ${buyer.lastname ?? ''}`.trim()
  const company = buyer.companyname ?? ''
  return {
    ...address(buyer),
    name: company === '' ? person || (buyer.email ?? '') : company,
    contact: company === '' ? '' : person,
    phone: buyer.phonenumber ?? '',
    vatNumber: buyer.vateu ?? '',
    registrationNumber: '',
  }
}

function address(party: Snapshot) {
  const { address1 = '', address2 = '', city = '', postcode = '', state = '', country = '', email = '' } = party
  return { address1, address2, city, postcode, state, country, email }
}
