import { type Currency, formatAmount, formatPercent, type Minor } from '@innkeeper/money'
import type { DocumentName, InvoiceDocument, Party } from './invoice-document.ts'
import type { VatGroup } from './vat-breakdown.ts'

const titles = { invoice: 'Invoice', proforma: 'Pro forma invoice', credit_note: 'Credit note' } as const

/** What kind of a document it is, as it says at its top. */
export function titleOf({ kind }: InvoiceDocument): string {
  return titles[kind]
}

const days = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })

/** `1 March 2026`: no reader takes the month for the day. */
function dayText(day: string): string {
  return days.format(new Date(`${day}T00:00:00Z`))
}

/** An amount with spaces at thousands that no line breaks at. */
export function amountText(amount: Minor, currency: Currency): string {
  return formatAmount(amount, currency).replace(/\d+/, whole => whole.replaceAll(/\B(?=(?:\d{3})+$)/g, '\u00a0'))
}

export function moneyText(amount: Minor, currency: Currency): string {
  return `${amountText(amount, currency)}\u00a0${currency.code}`
}

/** `24 %`, or what is instead of a tax. */
export function rateText({ percent, category }: VatGroup): string {
  return percent > 0 || category === 'Z' ? `${formatPercent(percent)}\u00a0%` : '–'
}

/** A creditor reference (ISO 11649) in groups of four, as people type it; any other as it is. */
export function referenceText(reference: string): string {
  return /^RF\d\d/.test(reference) ? reference.replaceAll(/(.{4})(?=.)/g, '$1 ') : reference
}

/** What became of an invoice, and by which credit notes; empty where it stands as it was made. */
export function correctionText({ isVoid, correctedBy }: InvoiceDocument): string {
  const notes = correctedBy.map(nameText).join(', ')
  if (isVoid) return notes === '' ? 'Cancelled: nothing is to be paid.' : `Cancelled by credit note ${notes}.`
  return notes === '' ? '' : `Corrected by credit note ${notes}.`
}

function nameText({ number, issuedOn }: DocumentName): string {
  return `${number} of ${dayText(issuedOn)}`
}

const countries = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' })

/** A party as it stands on an envelope, and its numbers. */
export function partyLines(party: Party): string[] {
  const place = [party.postcode, party.city].filter(part => part !== '').join(' ')
  const lines = [
    party.contact === party.name ? '' : party.contact,
    party.address1,
    party.address2,
    [place, party.state].filter(part => part !== '').join(', '),
    countryName(party.country),
    party.vatNumber === '' ? '' : `VAT ${party.vatNumber}`,
    party.registrationNumber === '' ? '' : `Reg. no. ${party.registrationNumber}`,
    party.email,
    party.phone,
  ]
  return lines.filter(line => line !== '')
}

function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code
}

/** What stands beside the parties: name and value. */
export function factsOf(document: InvoiceDocument): [string, string][] {
  const { corrects, dueOn, paidOn } = document
  return [
    ['Number', document.number],
    ['Date', dayText(document.issuedOn)],
    ...(corrects === null ? [] : [['Corrects invoice', nameText(corrects)] as [string, string]]),
    ...(dueOn === null || document.isVoid ? [] : [['Due', dayText(dueOn)] as [string, string]]),
    ...(paidOn === null ? [] : [['Paid', dayText(paidOn)] as [string, string]]),
  ]
}
