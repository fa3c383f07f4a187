import type { InvoiceRef } from '../../context.ts'
import { type Queryable, runSql } from '../../db/database.ts'

/** An invoice on which a buyer with a VAT number was charged tax. */
export interface TaxedInvoice {
  readonly id: string
  readonly accountId: string
  /** Where the buyer was by then, and the number. */
  readonly buyer: {
    readonly country: string
    readonly state: string
    readonly postcode: string
    readonly vatNumber: string
  }
}

const taxedText = `
  select invoice.id, invoice.account_id, invoice.buyer from invoice
  where invoice.account_id = $1 and invoice.kind = 'invoice' and invoice.status in ('Unpaid', 'Collections', 'Paid')
    and invoice.number is not null and coalesce(invoice.buyer ->> 'vateu', '') <> ''
    and invoice.tax_minor + invoice.tax2_minor > coalesce(
      (select sum(note.tax_minor + note.tax2_minor) from invoice note where note.corrects_id = invoice.id), 0)`

/** Those of an account, as far as credit notes have not taken their tax back. A pro-forma is not among them. */
export async function taxedInvoices(db: Queryable, accountId: string): Promise<TaxedInvoice[]> {
  const rows = await runSql<Row>(db, `${taxedText} order by invoice.id`, [accountId])
  return rows.map(taxedInvoice)
}

/** Whether an invoice is one of those. */
export async function isTaxedInvoice(db: Queryable, ref: InvoiceRef): Promise<boolean> {
  return (await runSql<Row>(db, `${taxedText} and invoice.id = $2`, [ref.accountId, ref.id])).length > 0
}

interface Row {
  readonly id: string
  readonly account_id: string
  readonly buyer: Readonly<Record<string, string | undefined>>
}

function taxedInvoice({ id, account_id, buyer }: Row): TaxedInvoice {
  const { country = '', state = '', postcode = '', vateu = '' } = buyer
  return { id, accountId: account_id, buyer: { country, state, postcode, vatNumber: vateu } }
}
