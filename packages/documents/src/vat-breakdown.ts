import { type MilliPercent, type Minor, type TaxCategory, type TaxGroup, untaxedReasons } from '@innkeeper/money'
import type { DocumentLine } from './invoice-document.ts'

/** The tax of one category and rate: group BG-23 of EN 16931. */
export interface VatGroup {
  readonly category: TaxCategory
  readonly percent: MilliPercent
  readonly reason: string
  readonly baseMinor: Minor
  readonly taxMinor: Minor
}

/** EN 16931 knows one tax: two levels, which have the same base, are one rate there. */
export function vatGroups(taxes: readonly TaxGroup[]): VatGroup[] {
  const groups: VatGroup[] = []
  for (const tax of taxes) {
    const same = groups.findIndex(
      one => tax.level === 2 && one.category === tax.category && one.baseMinor === tax.baseMinor,
    )
    const first = groups[same]
    if (first === undefined) groups.push(tax)
    else groups[same] = { ...first, percent: first.percent + tax.percent, taxMinor: first.taxMinor + tax.taxMinor }
  }
  return groups
}

const outside: VatGroup = {
  category: 'O',
  percent: 0,
  reason: untaxedReasons.unregistered,
  baseMinor: 0n,
  taxMinor: 0n,
}

/** The group that a line belongs to. A document has at most one that is taxed and one that is not. */
export function groupOf({ taxed }: Pick<DocumentLine, 'taxed'>, groups: readonly VatGroup[]): VatGroup {
  return groups.find(group => group.percent > 0 === taxed) ?? groups[0] ?? outside
}

/** Codes of the reasons (list VATEX of CEF) and the law in words, by category. */
export const exemptions: Partial<Record<TaxCategory, { readonly code?: string; readonly law: string }>> = {
  AE: { code: 'VATEX-EU-AE', law: 'VAT is owed by the recipient (Directive 2006/112/EC, articles 44 and 196)' },
  O: { code: 'VATEX-EU-O', law: '' },
  G: { code: 'VATEX-EU-G', law: '' },
}
