import { type Currency, least, type Minor, parseAmount } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { badField, notFound, Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import type { LockedAccount } from './account-store.ts'
import { type InvoiceState, type InvoiceStatus, requireEdge } from './invoice.ts'
import { selectInvoiceAndCredit } from './invoice-store.ts'
import { creditOf, insertEntry } from './ledger-store.ts'
import { lockAccount } from './lock.ts'
import { applyPayment, creditPayment } from './settle-invoice.ts'

export interface CreditToApply {
  readonly accountId: string
  readonly invoiceId: string
  /** Where the caller has locked it in this transaction, it is not asked for again. */
  readonly account?: LockedAccount
  /** Default: as much as there is and is due. */
  readonly amountMinor?: Minor
  /** The same as a decimal number of the invoice's currency. */
  readonly amount?: number
}

/** Pays an invoice out of credit: never more than there is, never more than is due. */
export async function applyCredit(
  ctx: Context,
  tx: Tx,
  wanted: CreditToApply,
): Promise<{ appliedMinor: Minor; dueMinor: Minor; status: InvoiceStatus; currency: Currency }> {
  if (wanted.account === undefined) await lockAccount(tx, wanted.accountId)
  const found = await selectInvoiceAndCredit(tx, { id: wanted.invoiceId, accountId: wanted.accountId })
  if (found === undefined || found.invoice.status === 'Draft') throw notFound()
  const { invoice, credit } = found
  requireEdge(invoice, 'pay')
  const asked = askedAmount(wanted, invoice)
  const amountMinor = asked ?? least(credit, invoice.dueMinor)
  if (amountMinor <= 0n || amountMinor > credit) throw new Refusal('insufficient_credit')
  const status = await applyPayment(ctx, tx, invoice, creditPayment(ctx, invoice, amountMinor))
  return { appliedMinor: amountMinor, dueMinor: invoice.dueMinor - amountMinor, status, currency: invoice.currency }
}

/** Undefined: as much as there is. More than is due, or finer than the currency, is the caller's mistake. */
function askedAmount({ amountMinor, amount }: CreditToApply, { currency, dueMinor }: InvoiceState): Minor | undefined {
  if (amountMinor === undefined && amount === undefined) return undefined
  const asked = amountMinor ?? parseAmount(amount ?? 0, currency)
  if (asked === undefined || asked <= 0n || asked > dueMinor) throw badField('amount', 'field_format_error')
  return asked
}

export interface CreditToAdd {
  readonly accountId: string
  readonly amountMinor: Minor
  readonly currency: string
  /** What it is about: the same key a second time adds nothing. */
  readonly key: string
  readonly description: string
}

/** Gives the client credit that nobody paid for, or takes it away (a negative amount). False: the key was used. */
export async function addCredit(ctx: Context, tx: Tx, credit: CreditToAdd): Promise<boolean> {
  const { accountId, amountMinor, currency, description } = credit
  await lockAccount(tx, accountId)
  const added = await insertEntry(tx, {
    at: ctx.business.now(),
    event: 'credit.add',
    key: `credit:${credit.key}`,
    description,
    accountId,
    currency,
    postings: [
      { ledger: 'refunds', amountMinor },
      { ledger: 'credit', amountMinor: -amountMinor },
    ],
  })
  if (!added) return false
  // Only now: what was taken away once is not asked for again. The refusal takes the entry back.
  if (amountMinor < 0n && (await creditOf(tx, accountId, currency)) < 0n) throw new Refusal('insufficient_credit')
  await audit(ctx, tx, {
    event: 'credit.add',
    description: `Credit: ${description}`,
    detail: { amount_minor: String(amountMinor), currency, key: credit.key },
    accountId,
  })
  return true
}
