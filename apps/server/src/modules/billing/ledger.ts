import type { Minor } from '@innkeeper/money'

/** The accounts of the books. `receivable` and `credit` are those of one client; each gateway clears through its own. */
export type Ledger = 'receivable' | 'credit' | 'revenue' | 'tax' | 'fees' | 'refunds' | `clearing:${string}`

/** One side of an entry. Debits are positive: what a client owes, what a gateway holds for us. */
export interface Posting {
  readonly ledger: Ledger
  readonly amountMinor: Minor
  /** Postings of 0 are left out. */
  readonly invoiceId?: string | null
}

/** What happened, as the books say it. */
export type BookEvent =
  | 'invoice.issue'
  | 'invoice.void'
  | 'credit_note.issue'
  | 'payment.receive'
  | 'payment.fee'
  | 'payment.refund'
  | 'payment.chargeback'
  | 'credit.add'
  | 'credit.apply'
  | 'credit.return'

export interface Entry {
  readonly at: Date
  readonly event: BookEvent
  /** What it is about: a second entry with the same key is not written. */
  readonly key: string
  readonly description: string
  readonly accountId: string
  readonly currency: string
  /** These sum to 0, or the database refuses the entry. */
  readonly postings: readonly Posting[]
}
