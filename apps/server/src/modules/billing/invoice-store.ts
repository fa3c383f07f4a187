import type { Currency, Minor } from '@innkeeper/money'
import type { InvoiceRef } from '../../context.ts'
import { type Queryable, runSql, type Tx } from '../../db/database.ts'
import type { InvoiceState, InvoiceStatus } from './invoice.ts'
import type { Entry } from './ledger.ts'
import { entryParameters, entryParts } from './ledger-store.ts'
import type { DocumentNumber } from './number.ts'

/** What is to be different of a document; amounts are added to those it has. */
export interface Amendment {
  readonly status: InvoiceStatus
  readonly paidMinor?: bigint
  readonly creditMinor?: bigint
  readonly creditedMinor?: bigint
  readonly paidAt?: Date | null
  readonly finalisedAt?: Date
  readonly number?: DocumentNumber
  readonly proformaNumber?: string
  /** The day of the document, where it gets its number later than it was made. */
  readonly issuedOn?: string
  /** The day by which it is to be paid since a payment of it was taken back. */
  readonly reopenedDueOn?: string
}

/** Changes a document and writes the entry that says so, in one round trip. */
export async function amendInvoice(tx: Tx, ref: InvoiceRef, change: Amendment, entry?: Entry): Promise<void> {
  const rows = await runSql<{ entry: string | null }>(
    tx,
    `with ${entryParts(1)}
     update invoice set status = $9, paid_minor = paid_minor + $10, credit_minor = credit_minor + $11,
       credited_minor = credited_minor + $12, paid_at = case when $13 then $14 else paid_at end,
       finalised_at = coalesce($15, finalised_at), number = coalesce($16, number),
       series_period = coalesce($17, series_period), series_number = coalesce($18, series_number),
       proforma_number = coalesce($19, proforma_number), issued_on = coalesce($20::date, issued_on),
       reopened_due_on = coalesce($21::date, reopened_due_on),
       place = case when $15 is null then place else
         (select coalesce(max(place), 0) + 1 from invoice where account_id = $7) end
     where account_id = $7 and id = $8 returning (select id from entry) as entry`,
    [
      ...entryParameters(entry),
      ref.accountId,
      ref.id,
      change.status,
      change.paidMinor ?? 0n,
      change.creditMinor ?? 0n,
      change.creditedMinor ?? 0n,
      change.paidAt !== undefined,
      change.paidAt ?? null,
      change.finalisedAt ?? null,
      change.number?.text ?? null,
      change.number?.period ?? null,
      change.number?.n ?? null,
      change.proformaNumber ?? null,
      change.issuedOn ?? null,
      change.reopenedDueOn ?? null,
    ],
  )
  const [row] = rows
  if (row === undefined || (entry !== undefined && row.entry === null))
    throw new Error(`invoice ${ref.id} was not changed by ${entry?.key}`)
}

const stateColumns = `invoice.id, invoice.account_id, invoice.kind, invoice.status, invoice.number, invoice.proforma_number,
  invoice.currency, invoice.issued_on::text as issued_on, invoice.due_on::text as due_on, invoice.subtotal_minor,
  invoice.tax_minor, invoice.tax2_minor, invoice.total_minor, invoice.paid_minor, invoice.credit_minor,
  invoice.credited_minor, invoice.due_minor, invoice.payment_method_id, invoice.told_at is not null as was_told,
  (select exponent from currency where code = invoice.currency) as exponent`

interface StateRow {
  readonly id: string
  readonly account_id: string
  readonly kind: InvoiceState['kind']
  readonly status: InvoiceStatus
  readonly number: string | null
  readonly proforma_number: string | null
  readonly currency: string
  readonly exponent: Currency['exponent']
  readonly issued_on: string
  readonly due_on: string
  readonly subtotal_minor: string
  readonly tax_minor: string
  readonly tax2_minor: string
  readonly total_minor: string
  readonly paid_minor: string
  readonly credit_minor: string
  readonly credited_minor: string
  readonly due_minor: string
  readonly payment_method_id: string | null
  readonly was_told: boolean
}

/** The invoice of the account, held until the transaction ends; the account's row is locked before. */
export async function selectInvoiceForUpdate(tx: Tx, ref: InvoiceRef): Promise<InvoiceState | undefined> {
  const rows = await runSql<StateRow>(
    tx,
    `select ${stateColumns} from invoice where account_id = $1 and id = $2 for no key update of invoice`,
    [ref.accountId, ref.id],
  )
  return rows[0] && stateOf(rows[0])
}

/** The same with what the account has to spend in its currency. */
export async function selectInvoiceAndCredit(tx: Tx, ref: InvoiceRef) {
  const rows = await runSql<StateRow & { credit: string }>(
    tx,
    `select ${stateColumns}, (select coalesce(-sum(amount_minor), 0) from ledger_posting
       where account_id = $1 and ledger = 'credit' and currency = invoice.currency) as credit
     from invoice where account_id = $1 and id = $2 for no key update of invoice`,
    [ref.accountId, ref.id],
  )
  return rows[0] && { invoice: stateOf(rows[0]), credit: BigInt(rows[0].credit) }
}

function stateOf(row: StateRow): InvoiceState {
  return {
    id: row.id,
    accountId: row.account_id,
    kind: row.kind,
    status: row.status,
    number: row.number,
    proformaNumber: row.proforma_number,
    currency: { code: row.currency, exponent: row.exponent },
    issuedOn: row.issued_on,
    dueOn: row.due_on,
    subtotalMinor: BigInt(row.subtotal_minor),
    taxMinor: BigInt(row.tax_minor),
    tax2Minor: BigInt(row.tax2_minor),
    totalMinor: BigInt(row.total_minor),
    paidMinor: BigInt(row.paid_minor),
    creditMinor: BigInt(row.credit_minor),
    creditedMinor: BigInt(row.credited_minor),
    dueMinor: BigInt(row.due_minor),
    paymentMethodId: row.payment_method_id,
    wasTold: row.was_told,
  }
}

/** Whose invoice it is; for those who only know its id: gateways, staff. */
export async function accountOfInvoice(db: Queryable, id: string): Promise<string | undefined> {
  const row = await db.selectFrom('invoice').select('account_id').where('id', '=', id).executeTakeFirst()
  return row?.account_id
}

/** Whether its late fee was charged; an invoice that is one bears none. */
export async function bearsLateFee(tx: Tx, id: string): Promise<boolean> {
  const rows = await runSql(
    tx,
    'select 1 from invoice where late_fee_of_id = $1 or (id = $1 and late_fee_of_id is not null)',
    [id],
  )
  return rows.length > 0
}

/** What credit notes have not taken back of it. */
export async function uncreditedOf(tx: Tx, id: string): Promise<Minor> {
  const rows = await runSql<{ total: string }>(
    tx,
    `select total_minor - (select coalesce(sum(total_minor), 0) from invoice as note where note.corrects_id = invoice.id) as total
     from invoice where id = $1`,
    [id],
  )
  return BigInt(rows[0]?.total ?? 0)
}
