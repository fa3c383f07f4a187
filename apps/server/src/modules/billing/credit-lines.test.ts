import { type PricedCart, priceCart, sum } from '@innkeeper/money'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Creditable, type CreditedCart, type CreditSelection, creditLines } from './credit-lines.ts'

const percent = fc.integer({ min: 0, max: 40_000 })
const cart = fc
  .record({
    prices: fc.array(fc.tuple(fc.bigInt({ min: 0n, max: 100_000n }), fc.boolean()), { minLength: 1, maxLength: 6 }),
    percents: fc.tuple(percent, percent),
    inclusive: fc.boolean(),
    discount: percent,
  })
  .map(({ prices, percents: [first, second], inclusive, discount }) => {
    const lines = prices.map(([unitMinor, taxed], index) => ({
      ...{ key: String(index), type: 'Hosting' as const, description: 'Hosting', cycle: 'm' as const, taxed },
      charges: [{ label: '', quantity: 1, unitMinor, setupMinor: 0n }],
    }))
    const rates = [
      { level: 1 as const, name: 'GST', percent: first },
      { level: 2 as const, name: 'QST', percent: second },
    ]
    const promo = { code: 'ADA', discount: { percent: discount }, recurring: false, withSetup: false }
    const tax = { inclusive, rates, category: 'S' as const, reason: '' }
    const appliesTo = new Set(['0', '2'])
    const priced = priceCart({ currency: { code: 'EUR', exponent: 2 }, lines, tax, promo: { ...promo, appliesTo } })
    return { priced, inclusive }
  })

function creditable(priced: PricedCart, inclusive: boolean, notes: readonly CreditedCart[]): Creditable {
  return {
    groups: priced.groups,
    inclusive,
    leftTaxMinor: priced.taxMinor - sum(notes.map(note => note.taxMinor)),
    leftTax2Minor: priced.tax2Minor - sum(notes.map(note => note.tax2Minor)),
    lines: priced.lines.map((line, index) => {
      const back = notes.flatMap(note => note.lines).filter(each => each.correctsId === String(index))
      return {
        ...{ ...line, id: String(index), position: index, quantity: String(line.quantity) },
        creditedNetMinor: sum(back.map(each => each.netMinor)),
        creditedTaxMinor: sum(back.map(each => each.taxMinor)),
      }
    }),
  }
}

const part = fc.record({ line: fc.nat(12), share: fc.integer({ min: 1, max: 100 }), taxOnly: fc.boolean() })

test('however an invoice is credited in parts, the parts and the rest sum to it, to the last unit', () => {
  fc.assert(
    fc.property(cart, fc.array(part, { maxLength: 8 }), ({ priced, inclusive }, parts) => {
      const notes: CreditedCart[] = []
      const credit = (selection: CreditSelection, taxOnly = false) => {
        const note = creditLines(creditable(priced, inclusive, notes), selection, { taxOnly })
        if (note === undefined) return
        notes.push(note)
        expect(sum(note.lines.map(line => line.netMinor))).toBe(note.subtotalMinor)
        expect(sum(note.lines.map(line => line.taxMinor))).toBe(note.taxMinor + note.tax2Minor)
        expect(note.subtotalMinor + note.taxMinor + note.tax2Minor).toBe(note.totalMinor)
        const base = sum(note.groups.filter(group => group.level === 1).map(group => group.baseMinor))
        expect(base).toBe(note.subtotalMinor)
        expect(sum(note.groups.map(group => group.taxMinor))).toBe(note.taxMinor + note.tax2Minor)
        for (const line of note.lines) expect(line.amountMinor).toBe(line.netMinor + (inclusive ? line.taxMinor : 0n))
      }
      for (const { line, share, taxOnly } of parts) {
        const state = creditable(priced, inclusive, notes).lines[line % priced.lines.length]
        if (state === undefined) continue
        const netMinor = ((state.netMinor - state.creditedNetMinor) * BigInt(share)) / 100n
        credit([{ lineId: state.id, netMinor }], taxOnly)
      }
      const before = notes.length
      credit('all')
      // What is left may be less than nothing only where a line was credited whose discount was not.
      if (notes.length === before) return
      expect(sum(notes.map(note => note.subtotalMinor))).toBe(priced.subtotalMinor)
      expect(sum(notes.map(note => note.taxMinor))).toBe(priced.taxMinor)
      expect(sum(notes.map(note => note.tax2Minor))).toBe(priced.tax2Minor)
    }),
    { numRuns: 500 },
  )
})

test('the tax of a part is its share of the tax of the line', () => {
  const lines = [{ ...{ key: '', type: 'Hosting' as const, description: '', cycle: 'm' as const, taxed: true } }].map(
    line => ({ ...line, charges: [{ label: '', quantity: 3, unitMinor: 333n, setupMinor: 0n }] }),
  )
  const rates = [{ level: 1 as const, name: 'VAT', percent: 24_000 }]
  const tax = { inclusive: false, rates, category: 'S' as const, reason: '' }
  const priced = priceCart({ currency: { code: 'EUR', exponent: 2 }, lines, tax }) // 9.99 and 2.40
  const note = creditLines(creditable(priced, false, []), [{ lineId: '0', netMinor: 333n }], { taxOnly: false })
  expect(note).toMatchObject({ subtotalMinor: 333n, taxMinor: 80n, totalMinor: 413n })
})

test('all that is left beside an unused time can be credited on its line, whatever the tax rounds to', () => {
  const rates = [{ level: 1 as const, name: 'VAT', percent: 24_000 }]
  for (let creditMinor = 1n; creditMinor < 500n; creditMinor++) {
    const line = { key: '', type: 'Upgrade' as const, description: '', cycle: 'm' as const, taxed: true, creditMinor }
    const charges = [{ label: '', quantity: 1, unitMinor: 1000n, setupMinor: 0n }]
    const tax = { inclusive: creditMinor % 2n === 0n, rates, category: 'S' as const, reason: '' }
    const priced = priceCart({ currency: { code: 'EUR', exponent: 2 }, lines: [{ ...line, charges }], tax })
    const all = [{ lineId: '0', netMinor: priced.subtotalMinor }]
    const note = creditLines(creditable(priced, tax.inclusive, []), all, { taxOnly: false })
    expect(note?.totalMinor ?? 'refused').toBeTypeOf('bigint')
    expect(note?.totalMinor).toBeLessThanOrEqual(priced.totalMinor)
  }
})
