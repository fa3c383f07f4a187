import type { Currency, LineType, Minor } from '@innkeeper/money'
import { Refusal } from '../../refusal.ts'

export type InvoiceStatus = 'Draft' | 'Unpaid' | 'Paid' | 'Cancelled' | 'Refunded' | 'Collections'

/** What money needs to know of an invoice whose row is locked. */
export interface InvoiceState {
  readonly id: string
  readonly accountId: string
  readonly kind: 'invoice' | 'credit_note'
  readonly status: InvoiceStatus
  /** The final number; null while it is a draft or a pro-forma. */
  readonly number: string | null
  readonly proformaNumber: string | null
  readonly currency: Currency
  /** YYYY-MM-DD. */
  readonly issuedOn: string
  readonly dueOn: string
  readonly subtotalMinor: Minor
  readonly taxMinor: Minor
  readonly tax2Minor: Minor
  readonly totalMinor: Minor
  /** Paid in all; of that by credit. */
  readonly paidMinor: Minor
  readonly creditMinor: Minor
  /** Taken off by credit notes, or because it is void. */
  readonly creditedMinor: Minor
  /** total − paid − credited; 0 for drafts and credit notes. */
  readonly dueMinor: Minor
  readonly paymentMethodId: string | null
  /** Its owner had a letter about it. */
  readonly wasTold: boolean
}

export interface InvoiceLine {
  readonly id: string
  readonly position: number
  readonly type: LineType
  readonly itemId: string
  readonly description: string
  /** Decimal text. */
  readonly quantity: string
  readonly unitMinor: Minor
  readonly amountMinor: Minor
  readonly netMinor: Minor
  readonly taxMinor: Minor
  readonly taxed: boolean
}

type Edge = 'finalise' | 'delete' | 'pay' | 'void' | 'collect' | 'credit' | 'late fee'

/** From which states what can be done; whatever is not here is refused. Chargebacks and refunds follow their payment. */
const edges: Readonly<Record<Edge, readonly InvoiceStatus[]>> = {
  finalise: ['Draft'],
  delete: ['Draft'],
  pay: ['Unpaid', 'Collections'],
  void: ['Unpaid', 'Collections'],
  collect: ['Unpaid'],
  credit: ['Unpaid', 'Collections', 'Paid', 'Refunded'],
  'late fee': ['Unpaid', 'Collections'],
}

export function allows({ kind, status }: InvoiceState, edge: Edge): boolean {
  return kind === 'invoice' && edges[edge].includes(status)
}

export function requireEdge(invoice: InvoiceState, edge: Edge): void {
  if (!allows(invoice, edge)) throw new Refusal('conflict', { also: [invoice.status] })
}

/** What people call it: its number, or its id while it has none. */
export function nameOf({
  kind,
  number,
  proformaNumber,
  id,
}: Pick<InvoiceState, 'kind' | 'number' | 'proformaNumber' | 'id'>): string {
  const what = kind === 'credit_note' ? 'Credit note' : 'Invoice'
  return `${what} ${number ?? proformaNumber ?? `#${id}`}`
}
