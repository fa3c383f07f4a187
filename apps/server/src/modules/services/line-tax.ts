import type { TaxGroup, TaxTreatment } from '@innkeeper/money'

/** What a document keeps of how its lines were taxed. */
export interface KeptTax {
  readonly groups: readonly Pick<TaxGroup, 'level' | 'name' | 'percent' | 'category' | 'reason'>[]
  readonly inclusive: boolean
}

/** How a document taxed those of its lines that are taxed, or those that are not. */
export function keptTreatment({ groups, inclusive }: KeptTax, taxed: boolean): TaxTreatment {
  const rates = taxed ? groups.filter(({ name }) => name !== '') : []
  const { category, reason } = rates[0] ?? groups.find(({ name }) => name === '') ?? { category: 'O', reason: '' }
  return { inclusive, rates, category, reason }
}

/** Whether what was paid under one treatment can be taken off what is charged under another: the tax of both is the same. */
export function isSameTax(one: TaxTreatment, other: TaxTreatment): boolean {
  const shape = ({ category, rates }: TaxTreatment) =>
    JSON.stringify([category, rates.map(({ level, percent }) => [level, percent])])
  return shape(one) === shape(other)
}

/** How a line is taxed under a treatment. */
export function lineTreatment(tax: TaxTreatment, taxed: boolean): TaxTreatment {
  return taxed || tax.rates.length === 0 ? tax : { ...tax, rates: [], category: 'E', reason: '' }
}
