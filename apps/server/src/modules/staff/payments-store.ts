import type { Currency, Minor } from '@innkeeper/money'
import { type Queryable, runSql } from '../../db/database.ts'
import { reversedOf } from '../billing/index.ts'
import { conditionsOf, type Slice } from './listing.ts'

/* What the staff sees of payments and of the bank. Read only, as clients-store.ts. */

export interface PaymentFilter {
  readonly clientId?: string | undefined
  readonly invoiceId?: string | undefined
  readonly kind?: PaymentRow['kind'] | undefined
  readonly gateway?: string | undefined
  readonly from?: Date | undefined
  readonly until?: Date | undefined
}

export interface PaymentRow {
  readonly id: string
  readonly kind: 'payment' | 'refund' | 'chargeback'
  readonly account_id: string
  readonly invoice_id: string | null
  readonly gateway: string
  readonly external_id: string
  readonly currency: string
  readonly exponent: Currency['exponent']
  readonly amount_minor: string
  readonly fee_minor: string
  readonly reverses_id: string | null
  readonly returns_id: string | null
  readonly at: Date
  readonly note: string
}

export function selectPayments(db: Queryable, filter: PaymentFilter, slice: Slice): Promise<PaymentRow[]> {
  const { where, parameters } = conditionsOf([
    ['id < ?', slice.before],
    ['account_id = ?', filter.clientId],
    ['invoice_id = ?', filter.invoiceId],
    ['kind = ?', filter.kind],
    ['gateway = ?', filter.gateway],
    ['at >= ?', filter.from],
    ['at < ?', filter.until],
  ])
  return runSql<PaymentRow>(
    db,
    `select id, kind, account_id, invoice_id, gateway, external_id, currency, exponent, amount_minor, fee_minor,
       reverses_id, returns_id, at, note
     from payment join currency on code = currency where ${where} order by id desc limit ${slice.limit}`,
    parameters,
  )
}

/** The payments of an invoice that have not gone back in whole, in the order they came. */
export async function openPaymentsOf(db: Queryable, invoiceId: string): Promise<OpenPayment[]> {
  const rows = await runSql<{ id: string; gateway: string; remaining: string }>(
    db,
    `select id, gateway, remaining from (
       select id, gateway, amount_minor - ${reversedOf('amount_minor')} as remaining
       from payment where invoice_id = $1 and kind = 'payment' and returns_id is null
     ) as payments where remaining > 0 order by id`,
    [invoiceId],
  )
  return rows.map(({ id, gateway, remaining }) => ({ id, gateway, leftMinor: BigInt(remaining) }))
}

export interface OpenPayment {
  readonly id: string
  readonly gateway: string
  /** What has not gone back yet. */
  readonly leftMinor: Minor
}

export interface BankFilter {
  readonly state?: BankRow['state'] | undefined
  readonly methodId?: string | undefined
}

export interface BankRow {
  readonly id: string
  readonly method_id: string
  readonly booked_on: string
  readonly currency: string
  readonly exponent: Currency['exponent']
  readonly amount_minor: string
  readonly payer: string
  readonly reference: string
  readonly state: 'matched' | 'unmatched' | 'ignored'
  readonly reason: string
  readonly payment_id: string | null
}

const bankColumns = `id, method_id, booked_on::text as booked_on, currency, exponent, amount_minor, payer, reference, state,
  reason, payment_id from bank_transaction join currency on code = currency`

export function selectBankTransactions(db: Queryable, filter: BankFilter, slice: Slice): Promise<BankRow[]> {
  const { where, parameters } = conditionsOf([
    ['id < ?', slice.before],
    ['state = ?', filter.state],
    ['method_id = ?', filter.methodId],
  ])
  const text = `select ${bankColumns} where ${where} order by id desc limit ${slice.limit}`
  return runSql<BankRow>(db, text, parameters)
}

export async function selectBankTransaction(db: Queryable, id: string): Promise<BankRow | undefined> {
  const [row] = await runSql<BankRow>(db, `select ${bankColumns} where id = $1`, [id])
  return row
}
