import { describe, expect, test } from 'vitest'
import { type PromoCode, type PromoFacts, type PromoLine, type PromoTarget, promoFor } from './promo.ts'

const now = new Date('2026-06-15T12:00:00Z')
const hour = 3_600_000
const ours: PromoFacts = { currency: 'EUR', newClient: false }
const lines: PromoLine[] = [
  { key: 'web', cycle: 'a', productId: '1' },
  { key: 'backup', cycle: 'm', addonId: '5' },
  { key: 'name', cycle: 'y1', tldId: '7' },
]

function promo(more: Partial<PromoCode> = {}): PromoCode {
  return {
    id: '1',
    code: 'TEN',
    discount: { percent: 10_000 },
    recurring: false,
    withSetup: false,
    startsAt: null,
    endsAt: null,
    cycles: [],
    newClientsOnly: false,
    maxUses: null,
    maxUsesPerAccount: null,
    uses: 0,
    usesByAccount: 0,
    retired: false,
    targets: [],
    ...more,
  }
}

function target(more: Partial<PromoTarget>): PromoTarget {
  return { id: '1', productId: null, addonId: null, tldId: null, maxUses: null, uses: 0, ...more }
}

describe('a code', () => {
  test.each<[string, Partial<PromoCode>, string[]]>([
    ['is good for everything unless it says for what', {}, ['web', 'backup', 'name']],
    ['holds for its cycles', { cycles: ['a', 'y1'] }, ['web', 'name']],
    ['holds for its product', { targets: [target({ productId: '1' })] }, ['web']],
    ['holds for its addon', { targets: [target({ addonId: '5' })] }, ['backup']],
    ['holds for its TLD', { targets: [target({ tldId: '7' })] }, ['name']],
    ['holds at the moment it starts', { startsAt: now }, ['web', 'backup', 'name']],
    ['holds until it ends', { endsAt: new Date(now.getTime() + 1) }, ['web', 'backup', 'name']],
    ['holds for its last use', { maxUses: 3, uses: 2 }, ['web', 'backup', 'name']],
    ["holds for the account's last use", { maxUsesPerAccount: 2, usesByAccount: 1 }, ['web', 'backup', 'name']],
  ])('%s', (_, more, keys) => {
    expect(promoFor(promo(more), ours, lines, now)).toEqual({
      code: 'TEN',
      discount: { percent: 10_000 },
      recurring: false,
      withSetup: false,
      appliesTo: new Set(keys),
    })
  })

  test.each<[string, Partial<PromoCode>]>([
    ['retired', { retired: true }],
    ['not yet', { startsAt: new Date(now.getTime() + hour) }],
    ['over', { endsAt: now }],
    ['used up', { maxUses: 3, uses: 3 }],
    ['used up', { maxUses: 0 }],
    ['used up by account', { maxUsesPerAccount: 1, usesByAccount: 1 }],
    ['new clients only', { newClientsOnly: true }],
    ['other currency', { discount: { amounts: { USD: 500n } } }],
    ['nothing it is good for', { targets: [target({ productId: '2' })] }],
    ['nothing it is good for', { cycles: ['b'] }],
    ['nothing it is good for', { targets: [target({ productId: '1', maxUses: 1, uses: 1 })] }],
  ])('does not hold: %s', (reason, more) => {
    expect(promoFor(promo(more), ours, lines, now)).toBe(reason)
  })

  test('for new clients holds for them', () => {
    expect(promoFor(promo({ newClientsOnly: true }), { ...ours, newClient: true }, lines, now)).toMatchObject({
      code: 'TEN',
    })
  })

  test('of an amount takes that of the currency off', () => {
    const fixed = promo({ discount: { amounts: { EUR: 500n, JPY: 800n } } })
    expect(promoFor(fixed, { ...ours, currency: 'JPY' }, lines, now)).toMatchObject({ discount: { amountMinor: 800n } })
  })

  test('with a limit of a product is good for as many lines as are left', () => {
    const twoLeft = promo({ targets: [target({ productId: '1', maxUses: 5, uses: 3 })] })
    const many = ['a', 'b', 'c'].map((key): PromoLine => ({ key, cycle: 'm', productId: '1' }))
    expect(promoFor(twoLeft, ours, many, now)).toMatchObject({ appliesTo: new Set(['a', 'b']) })
  })
})
