import type { Minor } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { badField, notFound, Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { type InvoiceStatus, requireEdge } from './invoice.ts'
import { selectInvoiceAndCredit } from './invoice-store.ts'
import { creditOf, insertEntry } from './ledger-store.ts'
import { lockAccount } from './lock.ts'
import { creditPayment, least, payInvoice } from './settle-invoice.ts'

export interface CreditToApply {
  readonly accountId: string
  readonly invoiceId: string
  /** Default: as much as there is and is due. */
  readonly amountMinor?: Minor
}

/** Pays an invoice out of credit: never more than there is, never more than is due. */
export async function applyCredit(
  ctx: Context,
  tx: Tx,
  wanted: CreditToApply,
): Promise<{ appliedMinor: Minor; status: InvoiceStatus }> {
  await lockAccount(tx, wanted.accountId)
  const found = await selectInvoiceAndCredit(tx, { id: wanted.invoiceId, accountId: wanted.accountId })
  if (found === undefined || found.invoice.status === 'Draft') throw notFound()
  const { invoice, credit } = found
  requireEdge(invoice, 'pay')
  const amountMinor = wanted.amountMinor ?? least(credit, invoice.dueMinor)
  if (wanted.amountMinor !== undefined && (amountMinor <= 0n || amountMinor > invoice.dueMinor))
    throw badField('amount', 'field_format_error')
  if (amountMinor <= 0n || amountMinor > credit) throw new Refusal('insufficient_credit')
  const status = await payInvoice(ctx, tx, invoice, creditPayment(ctx, invoice, amountMinor))
  return { appliedMinor: amountMinor, status }
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
  if (amountMinor < 0n && (await creditOf(tx, accountId, currency)) + amountMinor < 0n)
    throw new Refusal('insufficient_credit')
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
  await audit(ctx, tx, {
    event: 'credit.add',
    description: `Credit: ${description}`,
    detail: { amount_minor: String(amountMinor), currency, key: credit.key },
    accountId,
  })
  return true
}
