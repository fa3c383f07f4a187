import { type Currency, type Minor, type PricedCart, priceCart, type TaxTreatment } from '@innkeeper/money'
import type { InvoiceDocument, Party } from '../src/invoice-document.ts'

const eur: Currency = { code: 'EUR', exponent: 2 }
const nobody: Party = {
  ...{ name: '', contact: '', address1: '', address2: '', city: '', postcode: '', state: '', country: '' },
  ...{ email: '', phone: '', vatNumber: '', registrationNumber: '' },
}
export const seller: Party = {
  ...nobody,
  name: 'Innkeeper OÜ',
  address1: 'Sadama 5',
  city: 'Tallinn',
  postcode: '10111',
  country: 'EE',
  email: 'billing@example.net',
  phone: '+372 555 0100',
  vatNumber: 'EE100000001',
  registrationNumber: '10000001',
}
export const buyer: Party = {
  ...nobody,
  name: 'Ada Byron',
  address1: 'Harbour Street 5',
  city: 'Berlin',
  postcode: '10115',
  country: 'DE',
  email: 'ada@example.com',
}

export const domestic: TaxTreatment = {
  inclusive: false,
  rates: [{ level: 1, name: 'VAT', percent: 24_000 }],
  category: 'S',
  reason: '',
}
export const reverseCharge: TaxTreatment = { inclusive: false, rates: [], category: 'AE', reason: 'Reverse charge' }

export interface SoldThing {
  readonly description: string
  readonly unitMinor: Minor
  readonly quantity?: number
  readonly setupMinor?: Minor
  readonly taxed?: boolean
  readonly creditMinor?: Minor
}

/** Prices a cart as the shop does, and makes of it the document that a customer gets. */
export function documentOf(
  things: readonly SoldThing[],
  {
    tax = domestic,
    currency = eur,
    discountPercent = 0,
    ...change
  }: Partial<InvoiceDocument> & {
    readonly tax?: TaxTreatment
    readonly discountPercent?: number
  } = {},
): InvoiceDocument {
  const priced = priceCart({
    currency,
    tax,
    lines: things.map((thing, index) => ({
      key: String(index),
      type: 'Hosting',
      description: thing.description,
      cycle: 'm',
      taxed: thing.taxed ?? true,
      ...(thing.creditMinor === undefined ? {} : { creditMinor: thing.creditMinor }),
      charges: [
        {
          label: thing.description,
          quantity: thing.quantity ?? 1,
          unitMinor: thing.unitMinor,
          setupMinor: thing.setupMinor ?? 0n,
        },
      ],
    })),
    ...(discountPercent === 0
      ? {}
      : {
          promo: {
            code: 'SPRING',
            discount: { percent: discountPercent * 1000 },
            recurring: false,
            withSetup: true,
            appliesTo: new Set(things.map((_, index) => String(index))),
          },
        }),
  })
  return { ...ofPriced(priced, tax.inclusive), ...change }
}

function ofPriced(priced: PricedCart, inclusive: boolean): InvoiceDocument {
  return {
    kind: 'invoice',
    number: '2026/3/17',
    issuedOn: '2026-03-01',
    dueOn: '2026-03-08',
    paidOn: null,
    isVoid: false,
    currency: priced.currency,
    seller,
    buyer,
    lines: priced.lines.map(({ description, quantity, unitMinor, amountMinor, netMinor, taxed }) => ({
      ...{ description, quantity: String(quantity), unitMinor, amountMinor, netMinor, taxed },
    })),
    inclusive,
    taxes: priced.groups,
    subtotalMinor: priced.subtotalMinor,
    taxMinor: priced.taxMinor + priced.tax2Minor,
    totalMinor: priced.totalMinor,
    paidMinor: 0n,
    creditedMinor: 0n,
    dueMinor: priced.totalMinor,
    homeTax: null,
    corrects: null,
    correctedBy: [],
    notes: '',
    transfer: { iban: 'EE38 2200 2210 2014 5685', bic: 'HABAEE2X', reference: '2026/3/17' },
  }
}
