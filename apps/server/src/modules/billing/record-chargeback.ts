import { least, type Minor } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { Refusal } from '../../refusal.ts'
import { creditOf, insertEntry } from './ledger-store.ts'
import { parkAccount } from './park-account.ts'
import { lockForReversal, oweAgain, type Reversed, writeReversal } from './reversal.ts'
import { takeBackCredit } from './take-back-credit.ts'

export interface Chargeback {
  readonly paymentId: string
  readonly amountMinor: Minor
  /** Where the gateway says; it has to be that of the payment. */
  readonly currency?: string
  /** What the gateway takes for it on top. */
  readonly feeMinor?: Minor
  readonly externalId: string
}

/**
 * A payment that the bank took back: what it paid is owed again. Credit it became, at once or by credit notes of its
 * invoice, is taken as far as there is some.
 */
export async function recordChargeback(ctx: Context, tx: Tx, chargeback: Chargeback): Promise<Reversed> {
  const { amountMinor, feeMinor = 0n } = chargeback
  const reversal = { kind: 'chargeback', note: '', ...chargeback, feeMinor } as const
  const { payment, invoice, repeated, ofInvoiceMinor } = await lockForReversal(tx, reversal)
  if (repeated) return { status: invoice?.status ?? null, repeated }
  const { accountId, currency, invoiceId, gateway } = payment
  const fromInvoice = least(amountMinor, ofInvoiceMinor)
  if (fromInvoice > 0n && (invoice?.status === 'Refunded' || invoice?.status === 'Cancelled'))
    throw new Refusal('conflict', { also: [invoice.status] })
  const fromCredit = least(amountMinor - fromInvoice, await creditOf(tx, accountId, currency))
  const spent = amountMinor - fromInvoice - fromCredit
  const entry = await writeReversal(ctx, tx, payment, reversal, amountMinor - fromInvoice, [
    { ledger: 'receivable', amountMinor: fromInvoice, invoiceId },
    { ledger: 'credit', amountMinor: fromCredit, invoiceId },
    // Owed, and on no invoice: the account is parked, so that somebody sees to it.
    { ledger: 'receivable', amountMinor: spent },
    { ledger: 'fees', amountMinor: feeMinor, invoiceId },
    { ledger: `clearing:${gateway}`, amountMinor: -amountMinor - feeMinor, invoiceId },
  ])
  if (spent > 0n) await parkAccount(ctx, tx, accountId, creditIsSpent)
  if (invoice === undefined || fromInvoice === 0n) {
    await insertEntry(tx, entry)
    return { status: invoice?.status ?? null, repeated }
  }
  await oweAgain(ctx, tx, invoice, fromInvoice, entry)
  const back = await takeBackCredit(ctx, tx, invoice)
  if (back.spent) await parkAccount(ctx, tx, accountId, creditIsSpent)
  return { status: back.status, repeated }
}

const creditIsSpent = 'a chargeback took back credit that is spent'
