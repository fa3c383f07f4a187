import { parseAmount } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import { badField, notFound } from '../../refusal.ts'
import { type IssuedCreditNote, issueCreditNote } from '../billing/index.ts'
import { stateOfInvoice } from './invoices-store.ts'

export interface Correction {
  readonly reason: string
  /** Net amounts by line; undefined: all of it. */
  readonly lines?: readonly { readonly lineId: string; readonly net: string }[] | undefined
  readonly payOut: 'credit' | 'none'
}

export async function correctInvoice(
  ctx: Context,
  invoiceId: string,
  correction: Correction,
): Promise<IssuedCreditNote> {
  const tx = await ctx.begin()
  const { reason, payOut } = correction
  const state = await stateOfInvoice(tx, invoiceId) // its currency never changes
  if (state === undefined) throw notFound()
  const lines = correction.lines?.map(({ lineId, net }) => {
    const netMinor = parseAmount(net, state.currency)
    if (netMinor === undefined || netMinor <= 0n) throw badField('lines', 'field_format_error')
    return { lineId, netMinor }
  })
  return issueCreditNote(ctx, tx, { invoiceId, lines: lines ?? 'all', payOut, reason })
}
