import type { Currency, Minor, PricedCart } from '@innkeeper/money'
import type { InvoiceRef } from '../../context.ts'
import { type Queryable, runSql, type Tx } from '../../db/database.ts'
import type { InvoiceState, InvoiceStatus } from './invoice.ts'
import type { Entry } from './ledger.ts'
import { entryParameters, entryParts } from './ledger-store.ts'
import type { DocumentNumber } from './number.ts'
import { type Series, takeNumberSql } from './number-store.ts'

export interface NewLine {
  readonly type: string
  readonly itemId: string
  readonly description: string
  readonly quantity: number | string
  readonly unitMinor: bigint
  readonly amountMinor: bigint
  readonly netMinor: bigint
  readonly taxMinor: bigint
  readonly taxed: boolean
  readonly correctsId?: string
}

/** A document before it is final; amounts with the snapshots that make it complete. */
export interface NewDocument {
  readonly accountId: string
  readonly kind: 'invoice' | 'credit_note'
  readonly currency: string
  readonly issuedOn: string
  readonly dueOn: string
  readonly priced: Pick<PricedCart, 'subtotalMinor' | 'taxMinor' | 'tax2Minor' | 'totalMinor' | 'groups'>
  readonly exempt: boolean
  readonly inclusive: boolean
  readonly seller: unknown
  readonly buyer: unknown
  readonly paymentMethodId: string | null
  readonly notes: string
  readonly correctsId: string | null
  readonly lateFeeOfId: string | null
  readonly createdAt: Date
  readonly lines: readonly NewLine[]
}

const insertDocument = `document as (
    insert into invoice (account_id, kind, status, currency, rate, issued_on, original_on, due_on, subtotal_minor,
      tax_minor, tax2_minor, total_minor, tax_percent, tax2_percent, tax_exempt, tax_inclusive, tax, seller, buyer,
      payment_method_id, notes, corrects_id, late_fee_of_id, created_at)
    select $3, $4, 'Draft', code, rate, $6::date, $6::date, $7::date, $8, $9, $10, $11, $12::numeric / 1000, $13::numeric / 1000, $14, $15,
      $16, $17, $18, $19, $20, $21, $22, $23 from currency where code = $5
    returning id
  ), line as (
    insert into invoice_line (invoice_id, position, type, item_id, description, quantity, unit_minor, amount_minor,
      net_minor, tax_minor, taxed, corrects_id)
    select document.id, given.* from document, jsonb_to_recordset($24::jsonb) as given (position integer, type text,
      item_id bigint, description text, quantity numeric, unit_minor bigint, amount_minor bigint, net_minor bigint,
      tax_minor bigint, taxed boolean, corrects_id bigint)
    returning id, position
  )`
/** Once with a number of a series, once without: `$1` and `$2` are then not looked at. */
const insertNumbered = `with taken as (${takeNumberSql}), ${insertDocument}
  select document.id, taken.n, line.id as line_id from document, taken, line order by line.position`
const insertUnnumbered = `with ${insertDocument}
  select document.id, null as n, line.id as line_id from document, line where $1::text is null and $2::text is null
  order by line.position`

export interface Inserted {
  readonly id: string
  /** In the order of the lines. */
  readonly lineIds: readonly string[]
  readonly number: DocumentNumber | undefined
}

/** Writes a draft with its lines and takes the number that it is about to get, in one round trip. */
export async function insertDraft(tx: Tx, document: NewDocument, series: Series | undefined): Promise<Inserted> {
  const rows = await runSql<{ id: string; n: string | null; line_id: string }>(
    tx,
    series === undefined ? insertUnnumbered : insertNumbered,
    [series?.name ?? null, series?.period ?? null, ...documentParameters(document)],
  )
  const [first] = rows
  if (first === undefined) throw new Error(`a document in ${document.currency} needs that currency, and lines`)
  const number = first.n === null ? undefined : series?.numberOf(BigInt(first.n))
  return { id: first.id, lineIds: rows.map(row => row.line_id), number }
}

function documentParameters(document: NewDocument): unknown[] {
  const { priced } = document
  const percentOf = (level: 1 | 2) =>
    priced.groups.filter(group => group.level === level).reduce((most, { percent }) => Math.max(most, percent), 0)
  return [
    document.accountId,
    document.kind,
    document.currency,
    document.issuedOn,
    document.dueOn,
    priced.subtotalMinor,
    priced.taxMinor,
    priced.tax2Minor,
    priced.totalMinor,
    percentOf(1),
    percentOf(2),
    document.exempt,
    document.inclusive,
    JSON.stringify(priced.groups.map(storedGroup)),
    JSON.stringify(document.seller),
    JSON.stringify(document.buyer),
    document.paymentMethodId,
    document.notes,
    document.correctsId,
    document.lateFeeOfId,
    document.createdAt,
    JSON.stringify(document.lines.map(storedLine)),
  ]
}

function storedGroup({ baseMinor, taxMinor, ...group }: PricedCart['groups'][number]) {
  return { ...group, base_minor: String(baseMinor), tax_minor: String(taxMinor) }
}

function storedLine(line: NewLine, index: number) {
  return {
    position: index + 1,
    type: line.type,
    item_id: /^-?\d{1,18}$/.test(line.itemId) ? line.itemId : '0',
    description: line.description,
    quantity: line.quantity,
    unit_minor: String(line.unitMinor),
    amount_minor: String(line.amountMinor),
    net_minor: String(line.netMinor),
    tax_minor: String(line.taxMinor),
    taxed: line.taxed,
    corrects_id: line.correctsId ?? null,
  }
}

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
