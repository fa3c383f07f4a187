import type { PricedCart } from '@innkeeper/money'
import { runSql, type Tx } from '../../db/database.ts'
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
