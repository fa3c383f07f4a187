import type { Cycle, MilliPercent, Minor, Promo } from '@innkeeper/money'

/** A discount code as it stands: its rules, and how often it was used. */
export interface PromoCode {
  readonly id: string
  readonly code: string
  readonly discount: { readonly percent: MilliPercent } | { readonly amounts: Readonly<Record<string, Minor>> }
  readonly recurring: boolean
  readonly withSetup: boolean
  readonly startsAt: Date | null
  readonly endsAt: Date | null
  /** Empty: every cycle. */
  readonly cycles: readonly string[]
  readonly newClientsOnly: boolean
  readonly maxUses: number | null
  readonly maxUsesPerAccount: number | null
  readonly uses: number
  /** By the account that asks. */
  readonly usesByAccount: number
  readonly retired: boolean
  /** What it is good for; empty: everything. */
  readonly targets: readonly PromoTarget[]
}
export interface PromoTarget {
  readonly id: string
  readonly productId: string | null
  readonly addonId: string | null
  readonly tldId: string | null
  readonly maxUses: number | null
  readonly uses: number
}

/** A line of a cart, as far as a code looks at it. Exactly one of the ids is there. */
export interface PromoLine {
  readonly key: string
  readonly cycle: Cycle
  readonly productId?: string
  readonly addonId?: string
  readonly tldId?: string
}

/** The account that asks. */
export interface PromoFacts {
  readonly currency: string
  /** Has not ordered before. */
  readonly newClient: boolean
}

/** Why a code does not hold. For staff and tests; customers get `coupon_not_exist` for all of them. */
export type PromoReason =
  | 'retired'
  | 'not yet'
  | 'over'
  | 'used up'
  | 'used up by account'
  | 'new clients only'
  | 'other currency'
  | 'nothing it is good for'

/**
 * Whether a code holds for these lines at that moment, as pricing takes it. Uses are looked at too, so that a quote tells
 * what an order would; that no use is given twice is {@link takePromo}'s to decide.
 */
export function promoFor(
  code: PromoCode,
  facts: PromoFacts,
  lines: readonly PromoLine[],
  now: Date,
): Promo | PromoReason {
  const discount = discountIn(code, facts.currency)
  if (code.retired) return 'retired'
  if (code.startsAt !== null && now < code.startsAt) return 'not yet'
  if (code.endsAt !== null && now >= code.endsAt) return 'over'
  if (isUsedUp(code.maxUses, code.uses, 1)) return 'used up'
  if (isUsedUp(code.maxUsesPerAccount, code.usesByAccount, 1)) return 'used up by account'
  if (code.newClientsOnly && !facts.newClient) return 'new clients only'
  if (discount === undefined) return 'other currency'
  const appliesTo = new Set(linesOf(code, lines).map(({ line }) => line.key))
  if (appliesTo.size === 0) return 'nothing it is good for'
  return { code: code.code, discount, recurring: code.recurring, withSetup: code.withSetup, appliesTo }
}

/** Which lines a code is good for, and by which target; what a target has left is given to the first lines. */
function linesOf(
  code: Pick<PromoCode, 'cycles' | 'targets'>,
  lines: readonly PromoLine[],
): { readonly line: PromoLine; readonly target?: PromoTarget }[] {
  const taken = new Map<string, number>()
  return lines.flatMap(line => {
    if (code.cycles.length > 0 && !code.cycles.includes(line.cycle)) return []
    if (code.targets.length === 0) return [{ line }]
    const target = code.targets.find(each => isAbout(each, line))
    if (target === undefined) return []
    const uses = (taken.get(target.id) ?? 0) + 1
    if (isUsedUp(target.maxUses, target.uses, uses)) return []
    taken.set(target.id, uses)
    return [{ line, target }]
  })
}

/** By which target a code counts for each line, by the key of the line. Those that it counts for without one are not there. */
export function targetsOf(
  code: Pick<PromoCode, 'cycles' | 'targets'>,
  lines: readonly PromoLine[],
): ReadonlyMap<string, string> {
  return new Map(linesOf(code, lines).flatMap(({ line, target }) => (target ? [[line.key, target.id] as const] : [])))
}

function isAbout(target: PromoTarget, line: PromoLine): boolean {
  return (
    (target.productId !== null && target.productId === line.productId) ||
    (target.addonId !== null && target.addonId === line.addonId) ||
    (target.tldId !== null && target.tldId === line.tldId)
  )
}

function isUsedUp(limit: number | null, uses: number, more: number): boolean {
  return limit !== null && uses + more > limit
}

function discountIn({ discount }: PromoCode, currency: string): Promo['discount'] | undefined {
  if ('percent' in discount) return discount
  const amountMinor = Object.hasOwn(discount.amounts, currency) ? discount.amounts[currency] : undefined
  return amountMinor === undefined ? undefined : { amountMinor }
}
