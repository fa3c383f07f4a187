import type { Currency, Minor } from '@innkeeper/money'

/** `open`: begun. `unknown`: the gateway was asked and did not answer. The others are how it ended. */
export type AttemptState = 'open' | 'unknown' | 'succeeded' | 'failed' | 'expired'

/**
 * One try to get an invoice paid at a gateway. While it is open or unknown it is the lease on the invoice: nobody else
 * asks any gateway for its money.
 */
export interface Attempt {
  /** Also its key at the gateway. */
  readonly id: string
  readonly accountId: string
  readonly invoiceId: string
  readonly methodId: string
  /** Of the method: which gateway it is at. */
  readonly driver: string
  /** checkout: the customer pays on a page. off_session: a kept card is charged. */
  readonly kind: 'checkout' | 'off_session'
  readonly state: AttemptState
  readonly amountMinor: Minor
  readonly currency: Currency['code']
  readonly saveCard: boolean
  /** What the gateway calls it; null until it has said so. Money moves only for one that has it. */
  readonly externalId: string | null
  readonly url: string | null
  readonly createdAt: Date
  readonly expiresAt: Date
}

export function isUndecided({ state }: Pick<Attempt, 'state'>): boolean {
  return state === 'open' || state === 'unknown'
}
