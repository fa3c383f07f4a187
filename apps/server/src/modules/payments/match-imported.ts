import { referencedNumbers, type StatementEntry } from '@innkeeper/drivers'
import type { Minor } from '@innkeeper/money'
import type { Context, InvoiceRef } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { undoable } from '../../db/savepoint.ts'
import { Refusal } from '../../refusal.ts'
import {
  invoicesNamed,
  lockAccount,
  lockInvoice,
  type NamedInvoice,
  openInvoicesOf,
  recordChargeback,
  reversiblePayments,
} from '../billing/index.ts'
import type { PaymentMethod } from '../payment-methods/index.ts'
import { type BankState, type BankTransaction, decideTransaction } from './bank-store.ts'
import { creditTransaction, externalIdOf } from './match-transaction.ts'

export interface Match {
  readonly state: BankState
  readonly reason: string
  readonly invoiceId?: string
  readonly accountId?: string
}

type Imported = Omit<BankTransaction, 'state' | 'paymentId' | 'reason'> & Pick<StatementEntry, 'returned' | 'batch'>

/**
 * Finds out what a transaction pays: the invoice that its reference names, or its number if just so much is due of it, or
 * else, where the method wants that, the only one of that payer of which just so much is due. Whatever is not certain
 * stays unmatched, with the reason, for staff.
 */
export async function matchImported(ctx: Context, tx: Tx, found: Imported, method: PaymentMethod): Promise<Match> {
  if (found.amountMinor === 0n) return decide(tx, found, { state: 'ignored', reason: 'nothing' })
  const named = await invoicesNamed(tx, { ids: referencedIds(found.reference), numbers: wordsOf(found.reference) })
  // Some of a batch may be for others than those whom it names.
  if (found.batch && named.length > 0) return decide(tx, found, unmatched('several_invoices'))
  if (found.amountMinor < 0n) return takeBack(ctx, tx, found, named, method)
  const [invoice, another] = named
  if (another !== undefined) return decide(tx, found, unmatched('several_invoices'))
  if (invoice !== undefined && invoice.currency !== found.currency) return decide(tx, found, unmatched('currency'))
  // Names are whatever customers call themselves: somebody could take the name of one whose transfer is expected.
  const ref = invoice ?? (method.options.match_payer === true ? await byPayer(tx, found) : undefined)
  if (ref === undefined) return decide(tx, found, unmatched('unknown_reference'))
  // References have check digits. A number may be anything, a day for one (`2026/11/12`): only its amount makes it certain.
  if (invoice?.isById === false && !(await isDue(tx, invoice, found.amountMinor)))
    return decide(tx, found, { ...unmatched('amount'), invoiceId: invoice.id })
  return unlessRefused(tx, found, async () => {
    await creditTransaction(ctx, tx, found, { accountId: ref.accountId, invoiceId: ref.id }, method)
    const reason = invoice === undefined ? 'payer' : 'reference'
    return { state: 'matched', reason, invoiceId: ref.id, accountId: ref.accountId }
  })
}

/** Just so much is due of an invoice, seen under its lock: of two transfers that name it, it is due to one. */
async function isDue(tx: Tx, ref: InvoiceRef, amountMinor: Minor): Promise<boolean> {
  await lockAccount(tx, ref.accountId)
  const { status, dueMinor } = await lockInvoice(tx, ref)
  return (status === 'Unpaid' || status === 'Collections') && dueMinor === amountMinor
}

/** Books it, or leaves it to staff with the reason that billing refuses it for: the rest of the statement goes on. */
async function unlessRefused(tx: Tx, found: Imported, book: () => Promise<Match>): Promise<Match> {
  try {
    return await undoable(tx, book)
  } catch (error) {
    if (error instanceof Refusal) return decide(tx, found, unmatched(error.code))
    throw error
  }
}

/** Money that left: a payment of ours that the bank took back, or nothing that concerns us. */
async function takeBack(
  ctx: Context,
  tx: Tx,
  found: Imported,
  named: readonly NamedInvoice[],
  { driver }: PaymentMethod,
): Promise<Match> {
  const amountMinor = -found.amountMinor
  for (const { id, accountId, isById } of named) {
    const wanted = { gateway: driver, amountMinor, exactly: !isById }
    const [paymentId] = await reversiblePayments(tx, { id, accountId }, wanted)
    if (paymentId === undefined) continue
    return unlessRefused(tx, found, async () => {
      await recordChargeback(ctx, tx, {
        paymentId,
        amountMinor,
        currency: found.currency,
        externalId: externalIdOf(found),
      })
      await decideTransaction(tx, found.id, { state: 'matched', paymentId })
      return { state: 'matched', reason: 'returned', invoiceId: id, accountId }
    })
  }
  if (found.returned || named.length > 0) return decide(tx, found, unmatched('returned_unknown'))
  return decide(tx, found, { state: 'ignored', reason: 'outgoing' })
}

async function decide(tx: Tx, { id }: Imported, match: Match): Promise<Match> {
  await decideTransaction(tx, id, match)
  return match
}

function unmatched(reason: string): Match {
  return { state: 'unmatched', reason }
}

async function byPayer(tx: Tx, { payer, amountMinor, currency }: Imported): Promise<InvoiceRef | undefined> {
  if (payer === '') return undefined
  const [only, another] = await openInvoicesOf(tx, { payer, dueMinor: amountMinor, currency })
  return another === undefined ? only : undefined
}

/** Ids are at most 18 digits; a longer number is the reference of somebody else. */
function referencedIds(text: string): string[] {
  return referencedNumbers(text.slice(0, readCharacters)).filter(number => /^[1-9]\d{0,17}$/.test(number))
}

/** Of a text that somebody wrote at a bank: what is behind that is not looked at. */
const readCharacters = 2000

/** What may be an invoice number: words with a digit, and without the marks around them. */
function wordsOf(text: string): string[] {
  const words = text.slice(0, readCharacters).match(/[\p{L}\p{N}](?:[^\s,;]*[\p{L}\p{N}])?/gu) ?? []
  return [...new Set(words.filter(word => /\d/.test(word)))].slice(0, 50)
}
