import { divideHalfUp, least, type MilliPercent, type Minor, sum, type TaxGroup } from '@innkeeper/money'
import type { NewLine } from './document-store.ts'
import type { InvoiceLine } from './invoice.ts'

/** A line with what credit notes took back of it already. */
export interface CreditableLine extends InvoiceLine {
  readonly creditedNetMinor: Minor
  readonly creditedTaxMinor: Minor
}

/** What credit notes can still take back of an invoice. */
export interface Creditable {
  readonly lines: readonly CreditableLine[]
  readonly groups: readonly TaxGroup[]
  /** Amounts of its lines hold the tax. */
  readonly inclusive: boolean
  /** Taxes of both levels that no credit note has taken back yet. */
  readonly leftTaxMinor: Minor
  readonly leftTax2Minor: Minor
}

export type CreditSelection = 'all' | readonly { readonly lineId: string; readonly netMinor: Minor }[]

export interface CreditedCart {
  readonly lines: readonly NewLine[]
  readonly subtotalMinor: Minor
  readonly taxMinor: Minor
  readonly tax2Minor: Minor
  readonly totalMinor: Minor
  readonly groups: readonly TaxGroup[]
}

/**
 * The lines and sums of a credit note; undefined where more is asked for than is left. Each line's tax goes back in
 * proportion to its net, reckoned on all that was credited of it so far: however a line is taken back in parts, the taxes
 * of the parts sum to its own.
 */
export function creditLines(
  invoice: Creditable,
  selection: CreditSelection,
  { taxOnly }: { readonly taxOnly: boolean },
): CreditedCart | undefined {
  const chosen = chosenLines(invoice.lines, selection)
  if (chosen === undefined) return undefined
  const parts = chosen.map(({ line, netMinor }) => ({ line, netMinor, taxMinor: taxShare(line, netMinor, taxOnly) }))
  const taken = withinTax(
    parts.filter(({ netMinor, taxMinor }) => (netMinor !== 0n && !taxOnly) || taxMinor !== 0n),
    invoice.leftTaxMinor + invoice.leftTax2Minor,
  )
  const allTax = sum(taken.map(({ taxMinor }) => taxMinor))
  if (taken.length === 0 || allTax < 0n) return undefined
  const tax2Minor = secondTax(invoice, allTax)
  const taxMinor = allTax - tax2Minor
  const lines = taken.flatMap(({ line, ...part }) =>
    taxOnly
      ? [creditLine(line, part, invoice.inclusive), untaxedAgain(line, part.netMinor)]
      : [creditLine(line, part, invoice.inclusive)],
  )
  const subtotalMinor = sum(lines.map(line => line.netMinor))
  const totalMinor = subtotalMinor + allTax
  if (totalMinor < 0n) return undefined
  const groups = creditGroups(invoice.groups, lines, { taxMinor, tax2Minor, taxOnly })
  return { lines, subtotalMinor, taxMinor, tax2Minor, totalMinor, groups }
}

function chosenLines(lines: readonly CreditableLine[], selection: CreditSelection) {
  const leftOf = (line: CreditableLine) => line.netMinor - line.creditedNetMinor
  if (selection === 'all') return lines.map(line => ({ line, netMinor: leftOf(line) }))
  const chosen: { line: CreditableLine; netMinor: Minor }[] = []
  for (const { lineId, netMinor } of selection) {
    const line = lines.find(each => each.id === lineId)
    if (line === undefined || !isWithin(netMinor, leftOf(line)) || chosen.some(each => each.line === line))
      return undefined
    chosen.push({ line, netMinor })
  }
  return chosen
}

/** Whether an amount is a part of a whole, of the same sign and not 0. */
function isWithin(amount: Minor, whole: Minor): boolean {
  return whole < 0n ? amount < 0n && amount >= whole : amount > 0n && amount <= whole
}

function taxShare(line: CreditableLine, netMinor: Minor, taxOnly: boolean): Minor {
  const left = line.taxMinor - line.creditedTaxMinor
  if (line.netMinor === 0n) return left
  const upTo = taxOnly ? netMinor : line.creditedNetMinor + netMinor
  const share = shareOf(line.taxMinor, upTo, line.netMinor) - (taxOnly ? 0n : line.creditedTaxMinor)
  // Where the tax alone was given back before, less is left than the share would be.
  if (left < 0n) return share < left ? left : share > 0n ? 0n : share
  return share > left ? left : share < 0n ? 0n : share
}

/**
 * Beside lines of the other sign a line's tax can be a unit more than what the invoice bears for the same net. No more goes
 * back than that; a net above what is left is refused by the sum of the document.
 */
function withinTax<Part extends { readonly taxMinor: Minor }>(parts: readonly Part[], leftMinor: Minor): Part[] {
  let over = sum(parts.map(({ taxMinor }) => taxMinor)) - leftMinor
  return parts.map(part => {
    const less = over > 0n && part.taxMinor > 0n ? least(over, part.taxMinor) : 0n
    over -= less
    return { ...part, taxMinor: part.taxMinor - less }
  })
}

function shareOf(tax: Minor, part: Minor, whole: Minor): Minor {
  return whole < 0n ? divideHalfUp(tax * -part, -whole) : divideHalfUp(tax * part, whole)
}

/** The second level's part of a tax, never more of either than is left. */
function secondTax({ groups, leftTaxMinor, leftTax2Minor }: Creditable, tax: Minor): Minor {
  const rate = (level: 1 | 2): MilliPercent => groups.reduce((all, g) => all + (g.level === level ? g.percent : 0), 0)
  const both = rate(1) + rate(2)
  const share = both === 0 ? 0n : divideHalfUp(tax * BigInt(rate(2)), BigInt(both))
  const most = share > leftTax2Minor ? leftTax2Minor : share
  return tax - most > leftTaxMinor ? tax - leftTaxMinor : most
}

function creditLine(
  line: CreditableLine,
  { netMinor, taxMinor }: { readonly netMinor: Minor; readonly taxMinor: Minor },
  inclusive: boolean,
): NewLine {
  const { id: correctsId, type, itemId, description, taxed } = line
  const credited = { type, itemId, description, taxed, netMinor, taxMinor, correctsId }
  if (netMinor === line.netMinor && taxMinor === line.taxMinor)
    return { ...credited, quantity: line.quantity, unitMinor: line.unitMinor, amountMinor: line.amountMinor }
  const amountMinor = inclusive ? netMinor + taxMinor : netMinor
  return { ...credited, quantity: 1, unitMinor: amountMinor, amountMinor }
}

/** What was taxed by mistake is taken back with its tax, and stands again without. */
function untaxedAgain({ id: correctsId, type, itemId, description }: CreditableLine, netMinor: Minor): NewLine {
  const again = { type, itemId, description, correctsId, taxed: false, quantity: 1, taxMinor: 0n }
  return { ...again, unitMinor: -netMinor, amountMinor: -netMinor, netMinor: -netMinor }
}

interface CreditTaxes {
  readonly taxMinor: Minor
  readonly tax2Minor: Minor
  readonly taxOnly: boolean
}

function creditGroups(groups: readonly TaxGroup[], lines: readonly NewLine[], taxes: CreditTaxes): TaxGroup[] {
  const rated = groups.filter(group => group.name !== '')
  const isRated = (line: NewLine) => line.taxed && rated.length > 0
  const base = (list: readonly NewLine[]) => sum(list.map(line => line.netMinor))
  const ofRates = rated.map(group => ({
    ...group,
    baseMinor: base(lines.filter(isRated)),
    taxMinor: group.level === 1 ? taxes.taxMinor : taxes.tax2Minor,
  }))
  const untaxed = lines.filter(line => !isRated(line))
  const blank = { level: 1, name: '', percent: 0, baseMinor: base(untaxed), taxMinor: 0n } as const
  const without: TaxGroup = taxes.taxOnly
    ? { ...blank, category: 'AE', reason: 'Reverse charge' }
    : { category: 'E', reason: 'Not subject to tax', ...groups.find(group => group.name === ''), ...blank }
  return [...(lines.some(isRated) ? ofRates : []), ...(untaxed.length > 0 ? [without] : [])]
}
