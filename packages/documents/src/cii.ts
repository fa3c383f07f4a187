import { formatAmount, formatPercent, type Minor } from '@innkeeper/money'
import { ciiParty, settledBy } from './cii-party.ts'
import type { DocumentLine, InvoiceDocument } from './invoice-document.ts'
import { exemptions, groupOf, type VatGroup, vatGroups } from './vat-breakdown.ts'
import { correctionText } from './words.ts'
import { type Xml, xml, xmlText } from './xml.ts'

/** UNTDID 1001. */
const typeCodes = { invoice: '380', proforma: '325', credit_note: '381' } as const

/**
 * The document as Cross Industry Invoice D16B of UN/CEFACT, profile EN 16931 of Factur-X 1.0 (ZUGFeRD 2). Numbers in
 * comments are business terms and rules of EN 16931-1; elements come in the order of the schema.
 */
export function renderCii(document: InvoiceDocument): string {
  const groups = vatGroups(document.taxes)
  const root = xml(
    'rsm:CrossIndustryInvoice',
    [
      xml('rsm:ExchangedDocumentContext', [
        xml('ram:GuidelineSpecifiedDocumentContextParameter', [xml('ram:ID', 'urn:cen.eu:en16931:2017')]),
      ]),
      xml('rsm:ExchangedDocument', [
        xml('ram:ID', document.number),
        xml('ram:TypeCode', typeCodes[document.kind]),
        xml('ram:IssueDateTime', [day('udt', document.issuedOn)]),
        ...[correctionText(document), document.notes].map(words =>
          xml('ram:IncludedNote', [xml('ram:Content', words)]),
        ),
      ]),
      xml('rsm:SupplyChainTradeTransaction', [
        ...document.lines.map((line, index) => lineItem(document, line, index, groupOf(line, groups))),
        xml('ram:ApplicableHeaderTradeAgreement', [
          ciiParty('ram:SellerTradeParty', document, document.seller, groups),
          ciiParty('ram:BuyerTradeParty', document, document.buyer, groups),
        ]),
        // It has to be there, and may be empty.
        { name: 'ram:ApplicableHeaderTradeDelivery', content: [], attributes: {} },
        settlement(document, groups),
      ]),
    ],
    {
      'xmlns:rsm': 'urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100',
      'xmlns:qdt': 'urn:un:unece:uncefact:data:standard:QualifiedDataType:100',
      'xmlns:ram': 'urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100',
      'xmlns:udt': 'urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100',
    },
  )
  if (root === undefined) throw new Error('an invoice is never empty')
  return xmlText(root)
}

function lineItem(document: InvoiceDocument, line: DocumentLine, index: number, group: VatGroup): Xml | undefined {
  const { price, quantity } = netPrice(line, document)
  return xml('ram:IncludedSupplyChainTradeLineItem', [
    xml('ram:AssociatedDocumentLineDocument', [xml('ram:LineID', String(index + 1))]),
    xml('ram:SpecifiedTradeProduct', [xml('ram:Name', line.description || '-')]),
    xml('ram:SpecifiedLineTradeAgreement', [xml('ram:NetPriceProductTradePrice', [xml('ram:ChargeAmount', price)])]),
    xml('ram:SpecifiedLineTradeDelivery', [xml('ram:BilledQuantity', quantity, { unitCode: 'C62' })]),
    xml('ram:SpecifiedLineTradeSettlement', [
      xml('ram:ApplicableTradeTax', [xml('ram:TypeCode', 'VAT'), xml('ram:CategoryCode', group.category), rate(group)]),
      xml('ram:SpecifiedTradeSettlementLineMonetarySummation', [
        xml('ram:LineTotalAmount', formatAmount(line.netMinor, document.currency)),
      ]),
    ]),
  ])
}

/** Prices are not negative (BR-27): what is taken off is a negative quantity. With tax in them, they may have more decimals. */
function netPrice({ quantity, netMinor }: DocumentLine, { currency }: InvoiceDocument) {
  const count = Number(quantity)
  const sign = netMinor < 0n ? -1 : 1
  if (!(count > 0)) return { price: formatAmount(netMinor * BigInt(sign), currency), quantity: String(sign) }
  const price = Number(formatAmount(netMinor * BigInt(sign), currency)) / count
  return { price: price.toFixed(6).replace(/(\.\d\d\d*?)0+$/, '$1'), quantity: String(sign * count) }
}

function settlement(document: InvoiceDocument, groups: readonly VatGroup[]): Xml | undefined {
  const { currency, homeTax, corrects, dueOn } = document
  return xml('ram:ApplicableHeaderTradeSettlement', [
    xml('ram:PaymentReference', document.transfer?.reference ?? ''),
    xml('ram:TaxCurrencyCode', homeTax?.currency.code ?? ''),
    xml('ram:InvoiceCurrencyCode', currency.code),
    settledBy(document),
    ...groups.map(group => breakdown(group, document)),
    xml('ram:SpecifiedTradePaymentTerms', [
      // BR-CO-25: when it is to be paid, unless it is.
      xml('ram:DueDateDateTime', dueOn === null ? [] : [day('udt', dueOn)]),
    ]),
    totals(document),
    xml('ram:InvoiceReferencedDocument', [
      xml('ram:IssuerAssignedID', corrects?.number ?? ''),
      xml('ram:FormattedIssueDateTime', corrects === null ? [] : [day('qdt', corrects.issuedOn)]),
    ]),
  ])
}

function breakdown(group: VatGroup, { currency }: InvoiceDocument): Xml | undefined {
  const { category, reason } = group
  return xml('ram:ApplicableTradeTax', [
    xml('ram:CalculatedAmount', formatAmount(group.taxMinor, currency)),
    xml('ram:TypeCode', 'VAT'),
    xml('ram:ExemptionReason', reason),
    xml('ram:BasisAmount', formatAmount(group.baseMinor, currency)),
    xml('ram:CategoryCode', category),
    xml('ram:ExemptionReasonCode', exemptions[category]?.code ?? ''),
    rate(group),
  ])
}

/** What is outside the scope of VAT has no rate (BR-O-05). */
function rate({ category, percent }: VatGroup): Xml | undefined {
  return category === 'O' ? undefined : xml('ram:RateApplicablePercent', formatPercent(percent))
}

function totals(document: InvoiceDocument): Xml | undefined {
  const { currency, homeTax, subtotalMinor, taxMinor } = document
  const amount = (name: string, minor: Minor) => xml(`ram:${name}`, formatAmount(minor, currency))
  const taxTotal = (minor: Minor, of: typeof currency) =>
    xml('ram:TaxTotalAmount', formatAmount(minor, of), { currencyID: of.code })
  // BR-CO-16 knows payments only, so what was credited counts as one. Of a void document nobody paid anything: it keeps
  // its sum, and its credit note has the same.
  const { isVoid, paidMinor, creditedMinor } = document
  return xml('ram:SpecifiedTradeSettlementHeaderMonetarySummation', [
    amount('LineTotalAmount', subtotalMinor),
    amount('TaxBasisTotalAmount', subtotalMinor),
    taxTotal(taxMinor, currency),
    homeTax === null ? undefined : taxTotal(homeTax.taxMinor, homeTax.currency),
    amount('GrandTotalAmount', document.totalMinor),
    amount('TotalPrepaidAmount', isVoid ? paidMinor : paidMinor + creditedMinor),
    amount('DuePayableAmount', isVoid ? document.totalMinor - paidMinor : document.dueMinor),
  ])
}

/** A day in the form that the standard wants: 102 is YYYYMMDD. */
function day(namespace: 'udt' | 'qdt', date: string): Xml | undefined {
  return xml(`${namespace}:DateTimeString`, date.replaceAll('-', ''), { format: '102' })
}
