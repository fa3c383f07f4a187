import { type InvoiceDocument, openRenderer, RendererBusy } from '@innkeeper/documents'
import type { App, Context } from '../../context.ts'
import { Refusal } from '../../refusal.ts'
import { documentOf } from '../billing/index.ts'
import { stationeryOf } from './stationery.ts'

export interface PrintedInvoice {
  readonly status: Awaited<ReturnType<typeof documentOf>>['status']
  readonly filename: string
  readonly pdf: Uint8Array
}
/** Prints a document of an account. */
export type Print = (ctx: Context, accountId: string, invoiceId: string) => Promise<PrintedInvoice>

/** Seconds in which a full queue is worked off. */
const busySeconds = 5

/**
 * What prints documents, in threads that start with the first one and end when there is none for a while. It reads before
 * it prints and holds no transaction.
 */
export function printer(app: Pick<App, 'config' | 'log'>): Print {
  const renderer = openRenderer()
  const stationery = stationeryOf(app)
  return async (ctx, accountId, invoiceId) => {
    const { document, status } = await documentOf(ctx, ctx.db, accountId, invoiceId)
    const pdf = await renderer.render(document, await stationery()).catch(refuseWhenBusy)
    return { status, filename: fileNameOf(document), pdf }
  }
}

function refuseWhenBusy(error: unknown): never {
  throw error instanceof RendererBusy ? new Refusal('rate_limited', { retryAfterSeconds: busySeconds }) : error
}

const kinds = { invoice: 'invoice', proforma: 'proforma', credit_note: 'credit-note' } as const

/** `invoice-2026-3-17.pdf`: of characters that every file system has. */
function fileNameOf({ kind, number }: InvoiceDocument): string {
  return `${kinds[kind]}-${number.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '')}.pdf`
}
