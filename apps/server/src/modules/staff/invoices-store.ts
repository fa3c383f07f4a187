import type { Currency, Minor } from '@innkeeper/money'
import { type Queryable, runSql } from '../../db/database.ts'
import type { InvoiceStatus } from '../billing/index.ts'
import { conditionsOf, type Slice } from './listing.ts'

/* What the staff sees of documents, whoever's they are. Read only, as clients-store.ts. */

export interface InvoiceFilter {
  readonly clientId?: string | undefined
  readonly status?: InvoiceStatus | undefined
  readonly kind?: 'invoice' | 'credit_note' | undefined
  readonly number?: string | undefined
  readonly issuedFrom?: string | undefined
  readonly issuedUntil?: string | undefined
  readonly dueUntil?: string | undefined
}

/** A document as PostgreSQL gives it; amounts are texts of minor units. */
export interface DocumentRow {
  readonly id: string
  readonly kind: 'invoice' | 'credit_note'
  readonly status: InvoiceStatus
  readonly number: string | null
  readonly proforma_number: string | null
  readonly account_id: string
  readonly currency: string
  readonly exponent: Currency['exponent']
  readonly issued_on: string
  readonly due_on: string
  readonly paid_at: Date | null
  readonly subtotal_minor: string
  readonly all_tax_minor: string
  readonly total_minor: string
  readonly paid_minor: string
  readonly due_minor: string
}

const rowColumns = `invoice.id, kind, status, number, proforma_number, account_id, invoice.currency, currency.exponent,
  issued_on::text as issued_on, due_on::text as due_on, paid_at, subtotal_minor, tax_minor + tax2_minor as all_tax_minor,
  total_minor, paid_minor, due_minor`

export function selectInvoices(db: Queryable, filter: InvoiceFilter, slice: Slice): Promise<DocumentRow[]> {
  const { where, parameters } = conditionsOf([
    ['invoice.id < ?', slice.before],
    ['account_id = ?', filter.clientId],
    ['status = ?', filter.status],
    ['kind = ?', filter.kind],
    ['(number = ? or proforma_number = ?)', filter.number],
    ['issued_on >= ?::date', filter.issuedFrom],
    ['issued_on <= ?::date', filter.issuedUntil],
    ['due_on <= ?::date', filter.dueUntil],
  ])
  return runSql<DocumentRow>(
    db,
    `select ${rowColumns} from invoice join currency on currency.code = invoice.currency where ${where}
     order by invoice.id desc limit ${slice.limit}`,
    parameters,
  )
}

export interface WholeDocumentRow extends DocumentRow {
  readonly credit_minor: string
  readonly payment_method_id: string | null
  readonly notes: string
  readonly corrects_id: string | null
  readonly credit_note_ids: string[]
  readonly created_at: Date
  readonly finalised_at: Date | null
  /** As billing stores the groups. */
  readonly tax: readonly {
    readonly name: string
    readonly percent: number
    readonly base_minor: string
    readonly tax_minor: string
    readonly reason: string
  }[]
}

export async function selectDocument(db: Queryable, id: string): Promise<WholeDocumentRow | undefined> {
  const rows = await runSql<WholeDocumentRow>(
    db,
    `select ${rowColumns}, credit_minor, payment_method_id, notes, corrects_id, created_at, finalised_at, tax,
       array(select note.id from invoice as note where note.corrects_id = invoice.id order by note.id)::text[]
         as credit_note_ids
     from invoice join currency on currency.code = invoice.currency where invoice.id = $1`,
    [id],
  )
  return rows[0]
}

export interface DocumentLineRow {
  readonly id: string
  readonly type: string
  readonly item_id: string
  readonly description: string
  readonly quantity: string
  readonly unit_minor: string
  readonly amount_minor: string
  readonly net_minor: string
  readonly tax_minor: string
  readonly taxed: boolean
}

export function selectDocumentLines(db: Queryable, id: string): Promise<DocumentLineRow[]> {
  return runSql<DocumentLineRow>(
    db,
    `select id, type, item_id, description, trim_scale(quantity)::text as quantity, unit_minor, amount_minor, net_minor,
       tax_minor, taxed
     from invoice_line where invoice_id = $1 order by position`,
    [id],
  )
}

/** What is left to do for an invoice, and in what money. */
export async function stateOfInvoice(
  db: Queryable,
  id: string,
): Promise<{ status: InvoiceStatus; dueMinor: Minor; currency: Currency } | undefined> {
  const [row] = await runSql<Pick<DocumentRow, 'status' | 'due_minor' | 'currency' | 'exponent'>>(
    db,
    `select status, due_minor, invoice.currency, exponent from invoice
     join currency on currency.code = invoice.currency where invoice.id = $1`,
    [id],
  )
  if (row === undefined) return undefined
  const { status, due_minor, currency: code, exponent } = row
  return { status, dueMinor: BigInt(due_minor), currency: { code, exponent } }
}
