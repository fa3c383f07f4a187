import type { Currency, Minor, TaxGroup } from '@innkeeper/money'

/** A day, `YYYY-MM-DD`. */
export type DocumentDay = string

/** Seller or buyer as the document names them for ever. What is not known is empty. */
export interface Party {
  /** Of the company, or of the person where there is none. */
  readonly name: string
  /** Whom to ask for at a company. */
  readonly contact: string
  readonly address1: string
  readonly address2: string
  readonly city: string
  readonly postcode: string
  readonly state: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly email: string
  readonly phone: string
  /** With the prefix of its country. */
  readonly vatNumber: string
  /** In the register of companies. */
  readonly registrationNumber: string
}

/** How one document speaks of another. */
export interface DocumentName {
  readonly number: string
  readonly issuedOn: DocumentDay
}

/** One thing that was sold. */
export interface DocumentLine {
  readonly description: string
  /** A decimal number, at most three places: `1`, `0.5`. */
  readonly quantity: string
  /** With tax if prices hold it; negative for discounts and credits. */
  readonly unitMinor: Minor
  /** quantity × unit. */
  readonly amountMinor: Minor
  /** Its part of the subtotal; these sum to it. */
  readonly netMinor: Minor
  readonly taxed: boolean
}

/** What a customer gets as PDF and XML: plain data, complete and settled. Nothing here is calculated any more. */
export interface InvoiceDocument {
  readonly kind: 'invoice' | 'proforma' | 'credit_note'
  readonly number: string
  readonly issuedOn: DocumentDay
  /** Null where nothing has to be paid. */
  readonly dueOn: DocumentDay | null
  readonly paidOn: DocumentDay | null
  /** It was declared void: nothing of it is owed. */
  readonly isVoid: boolean
  readonly currency: Currency
  readonly seller: Party
  readonly buyer: Party
  readonly lines: readonly DocumentLine[]
  /** Unit prices and amounts of lines hold the tax. */
  readonly inclusive: boolean
  /** By rate; a document without any tax has one group that says why. */
  readonly taxes: readonly TaxGroup[]
  /** Net; `subtotal + all taxes = total`. */
  readonly subtotalMinor: Minor
  readonly taxMinor: Minor
  readonly totalMinor: Minor
  readonly paidMinor: Minor
  /** Taken off without a payment: by credit notes, or because it is void. */
  readonly creditedMinor: Minor
  /** What is left to pay: `total − paid − credited`. */
  readonly dueMinor: Minor
  /** The tax in the currency of the seller's country, where the document has another (article 230 of Directive 2006/112/EC). */
  readonly homeTax: { readonly currency: Currency; readonly taxMinor: Minor } | null
  /** The invoice that a credit note corrects. */
  readonly corrects: DocumentName | null
  /** The credit notes that correct an invoice. */
  readonly correctedBy: readonly DocumentName[]
  readonly notes: string
  /** Where to transfer the money to, by a reference as machines write it; null where it is paid another way. */
  readonly transfer: { readonly iban: string; readonly bic: string; readonly reference: string } | null
}

/** How a document looks, apart from what it says. */
export interface Stationery {
  readonly paper: 'A4' | 'Letter'
  /** A PNG or JPEG image. */
  readonly logo: Uint8Array | null
}
