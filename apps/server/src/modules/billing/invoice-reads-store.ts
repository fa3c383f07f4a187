import type { Currency, TaxGroup } from '@innkeeper/money'
import { type Queryable, runSql } from '../../db/database.ts'
import type { Slice } from '../../paging.ts'
import type { InvoiceLine, InvoiceState, InvoiceStatus } from './invoice.ts'
import { groupOf, linesOf, type StoredGroup } from './invoice-lines-store.ts'

export interface InvoiceRow {
  readonly id: string
  readonly kind: InvoiceState['kind']
  readonly status: InvoiceStatus
  readonly number: string | null
  readonly issued_on: string
  readonly original_on: string
  readonly due_on: string
  readonly pay_by: string
  readonly paid_at: Date | null
  readonly total_minor: string
  readonly merged_into_id: string | null
  readonly currency: string
  readonly exponent: Currency['exponent']
}

/**
 * The account's documents without drafts, newest first, and how many there are. By their places, and in one round trip:
 * any page of any number of documents costs the same.
 */
export async function listDocuments(
  db: Queryable,
  accountId: string,
  slice: Slice | undefined,
): Promise<{ readonly rows: readonly InvoiceRow[]; readonly total: number }> {
  const rows = await runSql<InvoiceRow & { readonly last: number }>(
    db,
    `select last.place as last, row.*, (select exponent from currency where code = row.currency) as exponent
     from (select coalesce(max(place), 0) as place from invoice where account_id = $1) as last
     left join lateral (
       select id, kind, status, number, issued_on::text as issued_on, original_on::text as original_on,
         due_on::text as due_on, pay_by::text as pay_by, paid_at, total_minor, merged_into_id, currency, place
       from invoice where account_id = $1 and place <= last.place - $2::integer order by place desc limit $3::integer
     ) as row on true order by row.place desc`,
    [accountId, slice?.offset ?? 0, slice?.limit ?? null],
  )
  // Without any on the page, one row of nothing tells how many there are.
  return { rows: rows.filter(row => row.id !== null), total: rows[0]?.last ?? 0 }
}

/** A document with all that stands on it. */
export interface WholeInvoice {
  readonly id: string
  readonly kind: InvoiceState['kind']
  readonly status: InvoiceStatus
  readonly number: string | null
  readonly proformaNumber: string | null
  /** YYYY-MM-DD. */
  readonly issuedOn: string
  readonly originalOn: string
  readonly dueOn: string
  /** The same, or a later day where a payment was taken back. */
  readonly payBy: string
  readonly paidAt: Date | null
  readonly currency: Currency
  /** Units of its currency for one of the provider's own, as decimal text. */
  readonly rate: string
  readonly subtotalMinor: bigint
  readonly taxMinor: bigint
  readonly tax2Minor: bigint
  readonly totalMinor: bigint
  readonly creditMinor: bigint
  readonly paidMinor: bigint
  readonly creditedMinor: bigint
  readonly dueMinor: bigint
  /** Decimal text. */
  readonly taxPercent: string
  readonly tax2Percent: string
  readonly exempt: boolean
  readonly inclusive: boolean
  readonly groups: readonly TaxGroup[]
  /** As they were when it was made. */
  readonly seller: Readonly<Record<string, string>>
  readonly buyer: Readonly<Record<string, string>>
  readonly notes: string
  readonly paymentMethodId: string | null
  readonly corrects: { readonly id: string; readonly number: string; readonly issuedOn: string } | null
  /** The credit notes that correct it, in their order. */
  readonly correctedBy: readonly { readonly number: string; readonly issuedOn: string }[]
  readonly lines: readonly InvoiceLine[]
}

interface WholeRow extends InvoiceRow {
  readonly proforma_number: string | null
  readonly rate: string
  readonly subtotal_minor: string
  readonly tax_minor: string
  readonly tax2_minor: string
  readonly credit_minor: string
  readonly paid_minor: string
  readonly credited_minor: string
  readonly due_minor: string
  readonly tax_percent: string
  readonly tax2_percent: string
  readonly tax_exempt: boolean
  readonly tax_inclusive: boolean
  readonly tax: readonly StoredGroup[]
  readonly seller: Readonly<Record<string, string>>
  readonly buyer: Readonly<Record<string, string>>
  readonly notes: string
  readonly payment_method_id: string | null
  readonly corrects_id: string | null
  readonly corrects_number: string | null
  readonly corrects_issued_on: string | null
  readonly corrected_by: readonly { readonly number: string; readonly issuedOn: string }[]
}

export async function readDocument(db: Queryable, accountId: string, id: string): Promise<WholeInvoice | undefined> {
  const rows = await runSql<WholeRow>(
    db,
    `select invoice.*, invoice.issued_on::text as issued_on, invoice.original_on::text as original_on,
       invoice.due_on::text as due_on, invoice.pay_by::text as pay_by, currency.exponent, invoice.rate::text as rate,
       invoice.tax_percent::text as tax_percent, invoice.tax2_percent::text as tax2_percent,
       corrected.number as corrects_number, corrected.issued_on::text as corrects_issued_on,
       coalesce((select json_agg(json_build_object('number', note.number, 'issuedOn', note.issued_on) order by note.id)
         from invoice as note where note.corrects_id = invoice.id), '[]') as corrected_by
     from invoice join currency on currency.code = invoice.currency
       left join invoice as corrected on corrected.id = invoice.corrects_id
     where invoice.account_id = $1 and invoice.id = $2`,
    [accountId, id],
  )
  const [row] = rows
  return row === undefined ? undefined : wholeOf(row, await linesOf(db, id))
}

function wholeOf(row: WholeRow, lines: readonly InvoiceLine[]): WholeInvoice {
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    number: row.number,
    proformaNumber: row.proforma_number,
    issuedOn: row.issued_on,
    originalOn: row.original_on,
    dueOn: row.due_on,
    payBy: row.pay_by,
    paidAt: row.paid_at,
    currency: { code: row.currency, exponent: row.exponent },
    rate: row.rate,
    subtotalMinor: BigInt(row.subtotal_minor),
    taxMinor: BigInt(row.tax_minor),
    tax2Minor: BigInt(row.tax2_minor),
    totalMinor: BigInt(row.total_minor),
    creditMinor: BigInt(row.credit_minor),
    paidMinor: BigInt(row.paid_minor),
    creditedMinor: BigInt(row.credited_minor),
    dueMinor: BigInt(row.due_minor),
    taxPercent: row.tax_percent,
    tax2Percent: row.tax2_percent,
    exempt: row.tax_exempt,
    inclusive: row.tax_inclusive,
    groups: row.tax.map(groupOf),
    seller: row.seller,
    buyer: row.buyer,
    notes: row.notes,
    paymentMethodId: row.payment_method_id,
    corrects:
      row.corrects_id === null
        ? null
        : { id: row.corrects_id, number: row.corrects_number ?? '', issuedOn: row.corrects_issued_on ?? '' },
    correctedBy: row.corrected_by,
    lines,
  }
}

/** What the account owes and has to spend, in its own currency: the sums of its postings. */
export async function selectBalance(db: Queryable, accountId: string) {
  const rows = await runSql<{ code: string; exponent: Currency['exponent']; owed: string; credit: string }>(
    db,
    `select currency.code, currency.exponent,
       coalesce(sum(amount_minor) filter (where ledger = 'receivable'), 0) as owed,
       coalesce(-sum(amount_minor) filter (where ledger = 'credit'), 0) as credit
     from account join currency on currency.code = account.currency
       left join ledger_posting as posting on posting.account_id = account.id and posting.currency = account.currency
         and posting.ledger in ('receivable', 'credit')
     where account.id = $1 group by currency.code, currency.exponent`,
    [accountId],
  )
  return rows[0]
}
