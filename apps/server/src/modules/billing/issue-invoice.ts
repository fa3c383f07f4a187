import { type Day, dayOf, type Minor, type PricedCart, type PricedLine, shiftDay } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { audit } from '../audit/index.ts'
import type { LockedAccount } from './account-store.ts'
import { insertDraft, type NewDocument } from './document-store.ts'
import { amendInvoice } from './invoice-store.ts'
import type { Entry } from './ledger.ts'
import { lockAccount, refuseParked } from './lock.ts'
import { seriesOf } from './number-store.ts'
import { sellerOf } from './seller.ts'

export interface NewInvoice {
  readonly accountId: string
  /** Where the caller has locked it in this transaction, it is not asked for again. */
  readonly account?: LockedAccount
  readonly priced: PricedCart
  readonly paymentMethodId?: string | null
  /** Default: `billing.dueDays` after the day of issue. */
  readonly dueOn?: Day
  readonly notes?: string
  readonly status?: 'Unpaid' | 'Draft'
  /** The overdue invoice that this one charges a late fee for. */
  readonly lateFeeOfId?: string
}

export interface IssuedInvoice {
  readonly id: string
  /** The final number; null for a draft, or until it is paid (`billing.numberOn`). */
  readonly number: string | null
  readonly totalMinor: Minor
  readonly status: 'Unpaid' | 'Draft'
  /** In the order of the document; `key` is that of the cart line. */
  readonly lines: readonly {
    readonly id: string
    readonly key: string
    readonly role: PricedLine['role']
    readonly netMinor: Minor
  }[]
}

/**
 * Makes an invoice that names seller and buyer as they are now, with its number, and books it. The caller then writes what
 * it bills (periods, orders) and calls settleInvoice. Takes a number, so rows others wait for (stock, codes) come first.
 */
export async function issueInvoice(ctx: Context, tx: Tx, wanted: NewInvoice): Promise<IssuedInvoice> {
  const account = wanted.account ?? (await lockAccount(tx, wanted.accountId))
  refuseParked(account)
  const { config } = ctx
  const { accountId, priced, status = 'Unpaid' } = wanted
  const now = ctx.business.now()
  const issuedOn = dayOf(now, config.timeZone)
  const document: NewDocument = {
    accountId,
    kind: 'invoice',
    currency: priced.currency.code,
    issuedOn,
    dueOn: wanted.dueOn ?? shiftDay(issuedOn, config.billing.dueDays),
    priced,
    exempt: account.taxExempt,
    inclusive: config.billing.taxInclusive,
    seller: sellerOf(config),
    buyer: account.buyer,
    paymentMethodId: wanted.paymentMethodId ?? null,
    notes: wanted.notes ?? '',
    correctsId: null,
    lateFeeOfId: wanted.lateFeeOfId ?? null,
    createdAt: now,
    lines: priced.lines,
  }
  const final = config.billing.numberOn === 'issue'
  const series = status === 'Draft' ? undefined : seriesOf(config, final ? 'invoice' : 'proforma', issuedOn)
  const { id, lineIds, number } = await insertDraft(tx, document, series)
  if (number !== undefined) {
    const numbered = final ? { number } : { proformaNumber: number.text }
    const amendment = { status: 'Unpaid', finalisedAt: now, ...numbered } as const
    await amendInvoice(tx, { id, accountId }, amendment, issueEntry({ id, accountId, at: now, ...totalsOf(priced) }))
  }
  await audit(ctx, tx, {
    event: 'invoice.issue',
    description: `Invoice ${number?.text ?? `#${id}`} made`,
    detail: { invoice: id, status, total_minor: String(priced.totalMinor), currency: priced.currency.code },
    accountId,
  })
  return {
    id,
    number: final ? (number?.text ?? null) : null,
    totalMinor: priced.totalMinor,
    status,
    lines: priced.lines.map(({ key, role, netMinor }, index) => ({ id: lineIds[index] ?? '', key, role, netMinor })),
  }
}

export interface DocumentTotals {
  readonly currency: string
  readonly subtotalMinor: Minor
  readonly allTaxMinor: Minor
  readonly totalMinor: Minor
}

function totalsOf({ currency, subtotalMinor, taxMinor, tax2Minor, totalMinor }: PricedCart): DocumentTotals {
  return { currency: currency.code, subtotalMinor, allTaxMinor: taxMinor + tax2Minor, totalMinor }
}

/** What an invoice puts into the books: the client owes its total, which is revenue and tax. */
export function issueEntry(
  invoice: DocumentTotals & { readonly id: string; readonly accountId: string; readonly at: Date },
): Entry {
  const { id: invoiceId, accountId, at, currency } = invoice
  return {
    at,
    event: 'invoice.issue',
    key: `invoice:${invoiceId}:issue`,
    description: `Invoice #${invoiceId}`,
    accountId,
    currency,
    postings: [
      { ledger: 'receivable', amountMinor: invoice.totalMinor, invoiceId },
      { ledger: 'revenue', amountMinor: -invoice.subtotalMinor, invoiceId },
      { ledger: 'tax', amountMinor: -invoice.allTaxMinor, invoiceId },
    ],
  }
}
