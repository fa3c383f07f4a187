import type { TaxTreatment } from '@innkeeper/money'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { all, brokenRules, parseXml, schemaProblems } from '../test/en16931.ts'
import { buyer, documentOf, domestic, reverseCharge, type SoldThing, seller } from '../test/samples.ts'
import { renderCii } from './cii.ts'
import type { InvoiceDocument } from './invoice-document.ts'

const hosting: SoldThing = { description: 'Web hosting M', unitMinor: 1999n, quantity: 3, setupMinor: 500n }
const german = { ...buyer, name: 'Beispiel GmbH', contact: 'Ada Byron', vatNumber: 'DE123456789' }
const outside: TaxTreatment = { ...reverseCharge, category: 'O', reason: 'Services outside the scope of EU VAT' }
const canadian: TaxTreatment = {
  ...domestic,
  rates: [
    { level: 1, name: 'GST', percent: 5_000 },
    { level: 2, name: 'QST', percent: 9_975 },
  ],
}
const credited = { number: '2026/2/9', issuedOn: '2026-02-01' }

const samples: Record<string, InvoiceDocument> = {
  'one rate': documentOf([hosting]),
  'a discount and a credit': documentOf([{ ...hosting, creditMinor: 700n }], { discountPercent: 15 }),
  'prices with tax': documentOf([hosting, { description: 'Domain', unitMinor: 1000n }], {
    tax: { ...domestic, inclusive: true },
  }),
  'a thing that is not taxed': documentOf([hosting, { description: 'Deposit', unitMinor: 5000n, taxed: false }]),
  'reverse charge': documentOf([hosting], { tax: reverseCharge, buyer: german }),
  'outside the EU': documentOf([hosting], { tax: outside, buyer: { ...buyer, country: 'US' } }),
  'a seller without any number': documentOf([hosting], {
    tax: { ...reverseCharge, category: 'O', reason: 'Not subject to tax' },
    seller: { ...seller, vatNumber: '', registrationNumber: '' },
  }),
  'an exempt customer': documentOf([hosting], { tax: { ...reverseCharge, category: 'E', reason: 'Exempt from tax' } }),
  'two levels of tax': documentOf([hosting], {
    tax: canadian,
    currency: { code: 'CAD', exponent: 2 },
    seller: { ...seller, country: 'CA', state: 'Quebec', vatNumber: '123456789RT0001' },
  }),
  yen: documentOf([hosting], { currency: { code: 'JPY', exponent: 0 } }),
  'another currency than at home': documentOf([hosting], {
    currency: { code: 'USD', exponent: 2 },
    homeTax: { currency: { code: 'EUR', exponent: 2 }, taxMinor: 1400n },
  }),
  'a buyer of whom only the mailbox is known': documentOf([hosting], {
    buyer: { ...buyer, name: '', address1: '', city: '', postcode: '', country: '' },
  }),
  'a credit note': documentOf([hosting], { kind: 'credit_note', corrects: credited, dueOn: null, transfer: null }),
  'a pro-forma': documentOf([hosting], { kind: 'proforma', number: 'P2026/4' }),
  'nothing to pay': documentOf([{ description: 'Free hosting', unitMinor: 0n }]),
  'hostile words': documentOf([{ description: '<a&b> "c" \u0000\u0007\ud800]]>', unitMinor: 1n }], {
    notes: 'Käitus\n第二行',
  }),
}
samples['paid in part'] = {
  ...documentOf([hosting]),
  paidMinor: 1000n,
  dueMinor: documentOf([hosting]).totalMinor - 1000n,
}
samples['corrected in part'] = {
  ...samples['paid in part'],
  paidMinor: 0n,
  creditedMinor: 1000n,
  correctedBy: [credited],
}
samples.cancelled = {
  ...documentOf([hosting]),
  isVoid: true,
  creditedMinor: 2479n,
  dueMinor: 0n,
  correctedBy: [credited],
}
const paid = documentOf([hosting])
samples.paid = { ...paid, paidMinor: paid.totalMinor, dueMinor: 0n, dueOn: null, paidOn: '2026-03-02' }
samples['a credit note'] = { ...samples['a credit note'], dueMinor: 0n, paidMinor: paid.totalMinor } as InvoiceDocument // made above

describe.each(Object.entries(samples))('the XML of %s', (_name, document) => {
  const cii = renderCii(document)
  test('fits the schema of its profile', () => expect(schemaProblems(cii)).toBe(''))
  test('breaks no rule of EN 16931', () => expect(brokenRules(cii)).toEqual([]))
})

test('any cart whatever makes an XML that breaks no rule', () => {
  const thing = fc.record({
    description: fc.string({ unit: 'binary', maxLength: 40 }),
    unitMinor: fc.bigInt(0n, 10_000_000n),
    quantity: fc.integer({ min: 1, max: 40 }),
    setupMinor: fc.bigInt(0n, 10_000n),
    taxed: fc.boolean(),
    creditMinor: fc.bigInt(0n, 100_000n),
  })
  const percent = fc.integer({ min: 1, max: 27_000 })
  const things = fc.array(thing, { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(
      things,
      percent,
      fc.boolean(),
      fc.integer({ min: 0, max: 100 }),
      (sold, rate, inclusive, discountPercent) => {
        const tax: TaxTreatment = { ...domestic, inclusive, rates: [{ level: 1, name: 'VAT', percent: rate }] }
        expect(brokenRules(renderCii(documentOf(sold, { tax, discountPercent })))).toEqual([])
      },
    ),
    { numRuns: 300 },
  )
})

test('the rules notice what is wrong', () => {
  const right = documentOf([hosting])
  const wrong: [Partial<InvoiceDocument>, string[]][] = [
    [{ totalMinor: right.totalMinor + 1n }, ['BR-CO-15', 'BR-CO-16']],
    [{ taxMinor: right.taxMinor - 1n }, ['BR-CO-14', 'BR-CO-15']],
    [{ dueMinor: 0n }, ['BR-CO-16']],
    [{ subtotalMinor: 1n }, ['BR-CO-10', 'BR-CO-15']],
    [{ dueOn: null }, ['BR-CO-25']],
    [{ lines: right.lines.slice(1) }, ['BR-CO-10', 'BR-*-08']],
  ]
  for (const [change, broken] of wrong) expect(brokenRules(renderCii({ ...right, ...change }))).toEqual(broken)
})

test('reverse charge names both VAT numbers, the words and their code', () => {
  const root = parseXml(renderCii(documentOf([hosting], { tax: reverseCharge, buyer: german })))
  const texts = (path: string) => all(root, `SupplyChainTradeTransaction/${path}`).map(({ text }) => text)
  expect(texts('ApplicableHeaderTradeAgreement/SellerTradeParty/SpecifiedTaxRegistration/ID')).toEqual(['EE100000001'])
  expect(texts('ApplicableHeaderTradeAgreement/BuyerTradeParty/SpecifiedTaxRegistration/ID')).toEqual(['DE123456789'])
  expect(texts('ApplicableHeaderTradeSettlement/ApplicableTradeTax/ExemptionReason')).toEqual(['Reverse charge'])
  expect(texts('ApplicableHeaderTradeSettlement/ApplicableTradeTax/ExemptionReasonCode')).toEqual(['VATEX-EU-AE'])
})

test('a credit note names the invoice that it corrects', () => {
  const root = parseXml(renderCii(documentOf([hosting], { kind: 'credit_note', corrects: credited })))
  expect(all(root, 'ExchangedDocument/TypeCode')[0]?.text).toBe('381')
  const path = 'SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/InvoiceReferencedDocument'
  expect(all(root, `${path}/IssuerAssignedID`)[0]?.text).toBe('2026/2/9')
  expect(all(root, `${path}/FormattedIssueDateTime/DateTimeString`)[0]?.text).toBe('20260201')
})
