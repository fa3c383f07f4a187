import { DriverError } from '@innkeeper/drivers'
import { formatAmount } from '@innkeeper/money'
import type { Queryable } from '../../db/database.ts'
import type { StaffModuleHandlers } from '../../http/implement.ts'
import { badField, notFound, Refusal } from '../../refusal.ts'
import { accountOfInvoice, lockAccount } from '../billing/index.ts'
import { ignoreTransaction, importStatement, matchTransaction } from '../payments/index.ts'
import { stateOfInvoice } from './invoices-store.ts'
import { pageOf, sliceOf } from './listing.ts'
import {
  type BankRow,
  type PaymentRow,
  selectBankTransaction,
  selectBankTransactions,
  selectPayments,
} from './payments-store.ts'
import { refund } from './refund.ts'
import { readMoment } from './wire.ts'

export const paymentsHandlers: StaffModuleHandlers<'payments'> = {
  async listPayments(ctx, input) {
    const slice = sliceOf(input)
    const { client_id: clientId, invoice_id: invoiceId, kind, gateway } = input
    const dates = { from: readMoment('from', input.from), until: readMoment('until', input.until) }
    const rows = await selectPayments(ctx.db, { clientId, invoiceId, kind, gateway, ...dates }, slice)
    const { shown, next } = pageOf(rows, slice)
    return { payments: shown.map(paymentOf), next }
  },
  async refundPayment(ctx, { id, amount, to, note }) {
    const { state, amountMinor, currency, invoiceId } = await refund(ctx, id, { amount, to, note })
    // In the transaction of the refund, if it has one: the gateway's commits by itself.
    const invoice = invoiceId === null ? undefined : await stateOfInvoice(await ctx.begin(), invoiceId)
    return {
      state,
      refunded: formatAmount(amountMinor, currency),
      currency: currency.code,
      invoice_status: invoice?.status ?? null,
      info: ['payment_refunded'],
    }
  },
  async listBankTransactions(ctx, input) {
    const slice = sliceOf(input)
    const filter = { state: input.state, methodId: input.payment_method_id }
    const { shown, next } = pageOf(await selectBankTransactions(ctx.db, filter, slice), slice)
    return { transactions: shown.map(transactionOf), next }
  },
  async matchTransaction(ctx, { id, invoice_id, client_id }) {
    const tx = await ctx.begin()
    const accountId = invoice_id === undefined ? client_id : await accountOfInvoice(tx, invoice_id)
    if (invoice_id === undefined && client_id === undefined) throw badField('invoice_id', 'field_empty_error')
    if (accountId === undefined) throw notFound()
    if (client_id !== undefined && client_id !== accountId) throw badField('client_id', 'field_format_error')
    await lockAccount(tx, accountId)
    await matchTransaction(ctx, tx, id, { accountId, invoiceId: invoice_id ?? null })
    return { transaction: await found(tx, id), info: ['transaction_matched'] }
  },
  async ignoreTransaction(ctx, { id, reason }) {
    const tx = await ctx.begin()
    await ignoreTransaction(ctx, tx, id, reason)
    return { transaction: await found(tx, id), info: ['transaction_ignored'] }
  },
  async importStatement(ctx, { statement, method }) {
    const entries = await importStatement(ctx, Buffer.from(statement), method).catch(unreadable)
    return {
      entries: entries.map(({ bookedOn, amount, currency, payer, state, reason, invoiceId }) => ({
        ...{ booked_on: bookedOn, amount, currency, payer, state, reason },
        invoice_id: invoiceId ?? null,
      })),
      info: ['statement_imported'],
    }
  },
}

/** The reader of the bank's file refuses as a system behind ours would; here it is the caller who sent it. */
function unreadable(error: unknown): never {
  if (!(error instanceof DriverError) || error.kind !== 'refused') throw error
  const fields = { statement: ['field_format_error'] }
  throw new Refusal('field_format_error', { also: ['statement', ...error.message.split('\n')], fields })
}

function paymentOf(row: PaymentRow) {
  const currency = { code: row.currency, exponent: row.exponent }
  return {
    id: row.id,
    kind: row.kind,
    client_id: row.account_id,
    invoice_id: row.invoice_id,
    gateway: row.gateway,
    reference: row.external_id,
    currency: row.currency,
    amount: formatAmount(BigInt(row.amount_minor), currency),
    fee: formatAmount(BigInt(row.fee_minor), currency),
    reverses_id: row.reverses_id,
    returns_id: row.returns_id,
    at: row.at.toISOString(),
    note: row.note,
  }
}

async function found(db: Queryable, id: string) {
  const row = await selectBankTransaction(db, id)
  if (row === undefined) throw notFound()
  return transactionOf(row)
}

function transactionOf(row: BankRow) {
  return {
    id: row.id,
    payment_method_id: row.method_id,
    booked_on: row.booked_on,
    currency: row.currency,
    amount: formatAmount(BigInt(row.amount_minor), { code: row.currency, exponent: row.exponent }),
    payer: row.payer,
    reference: row.reference,
    state: row.state,
    reason: row.reason,
    payment_id: row.payment_id,
  }
}
