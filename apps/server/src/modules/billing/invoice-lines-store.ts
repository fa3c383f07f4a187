import type { LineType, TaxGroup } from '@innkeeper/money'
import { type Queryable, runSql } from '../../db/database.ts'
import type { Creditable, CreditableLine } from './credit-lines.ts'
import type { InvoiceLine } from './invoice.ts'

interface LineRow {
  readonly id: string
  readonly position: number
  readonly type: LineType
  readonly item_id: string
  readonly description: string
  readonly quantity: string
  readonly unit_minor: string
  readonly amount_minor: string
  readonly net_minor: string
  readonly tax_minor: string
  readonly taxed: boolean
}

const columns =
  'id, position, type, item_id, description, quantity, unit_minor, amount_minor, net_minor, tax_minor, taxed'

export async function linesOf(db: Queryable, invoiceId: string): Promise<InvoiceLine[]> {
  const rows = await runSql<LineRow>(
    db,
    `select ${columns} from invoice_line where invoice_id = $1 order by position`,
    [invoiceId],
  )
  return rows.map(lineOf)
}

function lineOf(row: LineRow): InvoiceLine {
  return {
    id: row.id,
    position: row.position,
    type: row.type,
    itemId: row.item_id,
    description: row.description,
    quantity: row.quantity,
    unitMinor: BigInt(row.unit_minor),
    amountMinor: BigInt(row.amount_minor),
    netMinor: BigInt(row.net_minor),
    taxMinor: BigInt(row.tax_minor),
    taxed: row.taxed,
  }
}

/** A tax group as the column `tax` holds it. */
export interface StoredGroup extends Omit<TaxGroup, 'baseMinor' | 'taxMinor'> {
  readonly base_minor: string
  readonly tax_minor: string
}

export function groupOf({ base_minor, tax_minor, ...group }: StoredGroup): TaxGroup {
  return { ...group, baseMinor: BigInt(base_minor), taxMinor: BigInt(tax_minor) }
}

/** The invoice's lines and taxes with what credit notes took back of them; the invoice is locked. */
export async function creditableOf(db: Queryable, invoiceId: string): Promise<Creditable> {
  const rows = await runSql<LineRow & { credited_net: string; credited_tax: string }>(
    db,
    `select ${columns},
       (select coalesce(sum(net_minor), 0) from invoice_line as back where back.corrects_id = line.id) as credited_net,
       (select coalesce(sum(tax_minor), 0) from invoice_line as back where back.corrects_id = line.id) as credited_tax
     from invoice_line as line where invoice_id = $1 order by position`,
    [invoiceId],
  )
  const [taxes] = await runSql<{ tax: StoredGroup[]; tax_inclusive: boolean; left_tax: string; left_tax2: string }>(
    db,
    `select tax, tax_inclusive, tax_minor - (select coalesce(sum(tax_minor), 0) from invoice as note where note.corrects_id = invoice.id) as left_tax,
       tax2_minor - (select coalesce(sum(tax2_minor), 0) from invoice as note where note.corrects_id = invoice.id) as left_tax2
     from invoice where id = $1`,
    [invoiceId],
  )
  const lines = rows.map(
    (row): CreditableLine => ({
      ...lineOf(row),
      creditedNetMinor: BigInt(row.credited_net),
      creditedTaxMinor: BigInt(row.credited_tax),
    }),
  )
  return {
    lines,
    inclusive: taxes?.tax_inclusive === true,
    groups: (taxes?.tax ?? []).map(groupOf),
    leftTaxMinor: BigInt(taxes?.left_tax ?? 0),
    leftTax2Minor: BigInt(taxes?.left_tax2 ?? 0),
  }
}
