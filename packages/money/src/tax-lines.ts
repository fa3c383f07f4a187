import { allocate } from './allocate.ts'
import { divideHalfUp, type Minor, percentOf, sum, wholePercent } from './amount.ts'
import type { TaxGroup, TaxTreatment } from './tax.ts'

/** What tax needs to know of a line. */
export interface TaxedLine {
  readonly amountMinor: Minor
  readonly taxed: boolean
}

/** Taxes of a document, and what each line's parts of net and tax are. */
export interface LineTaxes {
  readonly groups: readonly TaxGroup[]
  readonly netMinors: readonly Minor[]
  readonly taxMinors: readonly Minor[]
}

/**
 * Taxes the lines of a document: each rate is taken once, of the sum of what it applies to, half up (EN 16931, BR-CO-17),
 * and shared out to the lines by largest remainder. Prices that hold the tax keep their total to the last unit.
 */
export function taxLines(lines: readonly TaxedLine[], treatment: TaxTreatment): LineTaxes {
  const taxable = (line: TaxedLine) => line.taxed && treatment.rates.length > 0
  const amounts = lines.map(line => (taxable(line) ? line.amountMinor : 0n))
  const gross = sum(amounts)
  const base = treatment.inclusive ? netOf(gross, treatment) : gross
  const byRate = treatment.rates.map(rate => percentOf(base, rate.percent))
  const last = treatment.rates.findLastIndex(({ percent }) => percent > 0)
  if (treatment.inclusive && last >= 0) {
    // The last tax takes the unit that rounding the others may have left, so that net and taxes make up the price.
    byRate[last] = gross - base - sum(byRate.filter((_, index) => index !== last))
  }
  const tax = sum(byRate)
  const taxMinors = allocate(tax, amounts)
  const netMinors = lines.map((line, index) =>
    treatment.inclusive ? line.amountMinor - (taxMinors[index] ?? 0n) : line.amountMinor,
  )
  const groups: TaxGroup[] = treatment.rates.map((rate, index) => ({
    ...rate,
    category: treatment.category,
    reason: treatment.reason,
    baseMinor: base,
    taxMinor: byRate[index] ?? 0n,
  }))
  const untaxed = lines.filter(line => !taxable(line))
  const relevant = groups.length > 0 && lines.some(taxable) ? groups : []
  return { groups: [...relevant, ...untaxedGroups(untaxed, treatment)], netMinors, taxMinors }
}

/** One group for what bears no tax: by the treatment of the whole sale, or because the thing itself is not taxed. */
function untaxedGroups(lines: readonly TaxedLine[], { rates, category, reason }: TaxTreatment): TaxGroup[] {
  if (lines.length === 0) return []
  const whole = rates.length === 0
  return [
    {
      ...{ level: 1, name: '', percent: 0, taxMinor: 0n },
      category: whole ? category : 'E',
      reason: whole ? reason : 'Not subject to tax',
      baseMinor: sum(lines.map(line => line.amountMinor)),
    },
  ]
}

/** A net amount with its taxes, rounded down. */
export function grossOf(net: Minor, { rates }: TaxTreatment): Minor {
  return (net * (wholePercent + allRates(rates))) / wholePercent
}

function netOf(gross: Minor, { rates }: TaxTreatment): Minor {
  return divideHalfUp(gross * wholePercent, wholePercent + allRates(rates))
}

function allRates(rates: TaxTreatment['rates']): bigint {
  return rates.reduce((all, { percent }) => all + BigInt(percent), 0n)
}
