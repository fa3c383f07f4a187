import type { InvoiceDocument, Party } from './invoice-document.ts'
import type { VatGroup } from './vat-breakdown.ts'
import { type Xml, xml } from './xml.ts'

/** Seller or buyer as the XML names them. */
export function ciiParty(
  name: 'ram:SellerTradeParty' | 'ram:BuyerTradeParty',
  document: InvoiceDocument,
  party: Party,
  groups: readonly VatGroup[],
): Xml | undefined {
  const isSeller = party === document.seller
  const registration = taxRegistration(party, groups, isSeller)
  // BR-CO-26: a seller is known by some number, or failing all by its mailbox.
  const known = party.registrationNumber !== '' || registration?.scheme === 'VA'
  return xml(name, [
    xml('ram:ID', isSeller && !known ? party.vatNumber || party.email || party.name : ''),
    xml('ram:Name', party.name || party.contact || party.email),
    xml('ram:SpecifiedLegalOrganization', [xml('ram:ID', party.registrationNumber)]),
    isSeller ? contact(party) : undefined,
    xml('ram:PostalTradeAddress', [
      xml('ram:PostcodeCode', party.postcode),
      xml('ram:LineOne', party.address1),
      xml('ram:LineTwo', party.address2),
      xml('ram:CityName', party.city),
      // BR-11: who names no country is taken for a buyer at home, by the tax too.
      xml('ram:CountryID', party.country || document.seller.country),
      xml('ram:CountrySubDivisionName', party.state),
    ]),
    registration &&
      xml('ram:SpecifiedTaxRegistration', [xml('ram:ID', registration.number, { schemeID: registration.scheme })]),
  ])
}

function contact({ contact: person, phone, email }: Party): Xml | undefined {
  return xml('ram:DefinedTradeContact', [
    xml('ram:PersonName', person),
    xml('ram:TelephoneUniversalCommunication', [xml('ram:CompleteNumber', phone)]),
    xml('ram:EmailURIUniversalCommunication', [xml('ram:URIID', email)]),
  ])
}

/**
 * `VA`: VAT number with the prefix of its country (BR-CO-09), `FC`: any other number of a tax office. A document about
 * what VAT does not reach has no VAT numbers (BR-O-02); the seller's stands there as the latter.
 */
function taxRegistration({ vatNumber }: Party, groups: readonly VatGroup[], isSeller: boolean) {
  if (vatNumber === '') return undefined
  const isVat = /^[A-Z]{2}/.test(vatNumber) && !groups.some(group => group.category === 'O')
  if (isVat) return { number: vatNumber, scheme: 'VA' }
  return isSeller ? { number: vatNumber, scheme: 'FC' } : undefined
}

/** How it is paid (UNTDID 4461): 58 SEPA transfer, 30 transfer, 1 whatever was agreed. */
export function settledBy({ transfer, currency, seller }: InvoiceDocument): Xml | undefined {
  if (transfer === null || transfer.iban === '') return undefined
  return xml('ram:SpecifiedTradeSettlementPaymentMeans', [
    xml('ram:TypeCode', currency.code === 'EUR' ? '58' : '30'),
    xml('ram:PayeePartyCreditorFinancialAccount', [
      xml('ram:IBANID', transfer.iban.replaceAll(' ', '')),
      xml('ram:AccountName', seller.name),
    ]),
    xml('ram:PayeeSpecifiedCreditorFinancialInstitution', [xml('ram:BICID', transfer.bic)]),
  ])
}
