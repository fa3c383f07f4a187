import type { Minor } from '@innkeeper/money'
import type { InvoiceRef } from '../../context.ts'
import { type Queryable, runSql, type Tx } from '../../db/database.ts'

export interface NewPayment {
  readonly accountId: string
  readonly invoiceId: string | null
  readonly methodId: string | null
  readonly gateway: string
  readonly externalId: string
  readonly kind: 'payment' | 'refund' | 'chargeback'
  readonly amountMinor: Minor
  readonly feeMinor: Minor
  /** How much of it goes to credit, or is taken from there. */
  readonly creditedMinor: Minor
  readonly currency: string
  readonly reversesId: string | null
  /** The payment whose money came back with this one. */
  readonly returnsId: string | null
  readonly at: Date
  readonly note: string
}

/** Undefined: the gateway told of it before. */
export async function insertPayment(tx: Tx, payment: NewPayment): Promise<string | undefined> {
  const row = await tx
    .insertInto('payment')
    .values({
      account_id: payment.accountId,
      invoice_id: payment.invoiceId,
      method_id: payment.methodId,
      gateway: payment.gateway,
      external_id: payment.externalId,
      kind: payment.kind,
      amount_minor: String(payment.amountMinor),
      fee_minor: String(payment.feeMinor),
      credited_minor: String(payment.creditedMinor),
      currency: payment.currency,
      reverses_id: payment.reversesId,
      returns_id: payment.returnsId,
      at: payment.at,
      note: payment.note,
    })
    .onConflict(conflict => conflict.constraint('payment_once').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id
}

/** A payment with what has been reversed of it and has not come back. */
export interface PaymentState {
  readonly id: string
  readonly accountId: string
  readonly invoiceId: string | null
  readonly methodId: string | null
  readonly gateway: string
  readonly externalId: string
  readonly amountMinor: Minor
  /** What the gateway kept; 0 while it does not say. */
  readonly feeMinor: Minor
  readonly creditedMinor: Minor
  readonly currency: string
  /** Not null: money of that payment, which came back, and is given back again as a part of that. */
  readonly returnsId: string | null
  readonly reversedMinor: Minor
  /** Of that, what was taken from credit. */
  readonly uncreditedMinor: Minor
}

interface PaymentRow {
  readonly id: string
  readonly account_id: string
  readonly invoice_id: string | null
  readonly method_id: string | null
  readonly gateway: string
  readonly external_id: string
  readonly amount_minor: string
  readonly fee_minor: string
  readonly credited_minor: string
  readonly currency: string
  readonly returns_id: string | null
  readonly reversed: string
  readonly uncredited: string
}

const stateSql = `select id, account_id, invoice_id, method_id, gateway, external_id, amount_minor, fee_minor, credited_minor,
    currency, returns_id, ${reversedOf('amount_minor')} as reversed, ${reversedOf('credited_minor')} as uncredited
  from payment where kind = 'payment'`

/** SQL: what went back of a payment, less what of that came back. */
export function reversedOf(column: 'amount_minor' | 'credited_minor'): string {
  return `(select coalesce(sum(case kind when 'payment' then -${column} else ${column} end), 0)
    from payment as back where back.reverses_id = payment.id or back.returns_id = payment.id)`
}

/** By its id, whoever's it is: gateways and staff know no account. */
export async function paymentById(db: Queryable, id: string): Promise<PaymentState | undefined> {
  const rows = await runSql<PaymentRow>(db, `${stateSql} and id = $1`, [id])
  return rows[0] && paymentOf(rows[0])
}

/** What was paid for an invoice, first first; what came back is part of what it is of. */
export async function paymentsOf(db: Queryable, { id, accountId }: InvoiceRef): Promise<PaymentState[]> {
  const text = `${stateSql} and returns_id is null and invoice_id = $1 and account_id = $2 order by id`
  return (await runSql<PaymentRow>(db, text, [id, accountId])).map(paymentOf)
}

/** By what the gateway calls it. */
export async function paymentByReference(
  db: Queryable,
  gateway: string,
  externalId: string,
): Promise<PaymentState | undefined> {
  const rows = await runSql<PaymentRow>(db, `${stateSql} and gateway = $1 and external_id = $2`, [gateway, externalId])
  return rows[0] && paymentOf(rows[0])
}

function paymentOf(row: PaymentRow): PaymentState {
  return {
    id: row.id,
    accountId: row.account_id,
    invoiceId: row.invoice_id,
    methodId: row.method_id,
    gateway: row.gateway,
    externalId: row.external_id,
    amountMinor: BigInt(row.amount_minor),
    feeMinor: BigInt(row.fee_minor),
    creditedMinor: BigInt(row.credited_minor),
    currency: row.currency,
    returnsId: row.returns_id,
    reversedMinor: BigInt(row.reversed),
    uncreditedMinor: BigInt(row.uncredited),
  }
}

/** Writes down what a gateway kept of a payment; false: that was known. */
export async function setFee(tx: Tx, { id, accountId }: PaymentState, feeMinor: Minor): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('payment')
    .set({ fee_minor: String(feeMinor) })
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .where('fee_minor', '=', '0')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** What is booked of a refund or chargeback that the gateway told of before. */
export async function reversalByReference(
  db: Queryable,
  gateway: string,
  externalId: string,
  kind: 'refund' | 'chargeback',
): Promise<{ readonly paymentId: string | null; readonly amountMinor: Minor } | undefined> {
  const row = await db
    .selectFrom('payment')
    .select(['reverses_id', 'amount_minor'])
    .where('gateway', '=', gateway)
    .where('external_id', '=', externalId)
    .where('kind', '=', kind)
    .executeTakeFirst()
  return row && { paymentId: row.reverses_id, amountMinor: BigInt(row.amount_minor) }
}

/** What the client got back of what was paid for an invoice: refunds, and credit notes that became credit. */
export async function refundedFor(db: Queryable, invoiceId: string): Promise<Minor> {
  const rows = await runSql<{ refunded: string }>(
    db,
    `select coalesce(sum(case ledger when 'refunds' then amount_minor else -amount_minor end), 0) as refunded
     from ledger_posting join ledger_entry on ledger_entry.id = ledger_posting.entry_id
     where invoice_id = $1 and (event, ledger) in (('payment.refund', 'refunds'), ('credit_note.issue', 'credit'))`,
    [invoiceId],
  )
  return BigInt(rows[0]?.refunded ?? 0)
}
