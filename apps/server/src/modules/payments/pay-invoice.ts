import type { Currency, Minor } from '@innkeeper/money'
import type { InvoiceRef, SignedInContext } from '../../context.ts'
import { badField } from '../../refusal.ts'
import { separately } from '../../separately.ts'
import { audit } from '../audit/index.ts'
import { applyCredit, type InvoiceState, type InvoiceStatus, lockInvoice, nameOf } from '../billing/index.ts'
import {
  isPayable,
  methodById,
  noPaymentMethods,
  type PaymentMethod,
  paymentMethodFor,
} from '../payment-methods/index.ts'
import { type BankInstructions, bankInstructions } from './bank-instructions.ts'
import { chargeInvoice } from './charge-invoice.ts'
import { startCheckout } from './start-checkout.ts'
import { inProgress, mustBeDue } from './take-lease.ts'

export interface PayRequest {
  readonly invoiceId: string
  readonly payMethod?: string | undefined
  /** Have the card kept: a page opens even if there is one already. */
  readonly saveCard: boolean
  readonly returnUrl?: string | undefined
}

/** What the customer has to do, if anything. */
export interface PayAnswer {
  readonly status: InvoiceStatus
  readonly url?: string
  readonly transfer?: BankInstructions
  /** What credit paid of it, and what it left. */
  readonly credit?: { readonly appliedMinor: Minor; readonly dueMinor: Minor; readonly currency: Currency }
}

/** Has an invoice paid by the method asked for, or else by its own: by credit, by the kept card, on a page, or by transfer. */
export async function payInvoice(ctx: SignedInContext, request: PayRequest): Promise<PayAnswer> {
  const ref: InvoiceRef = { id: request.invoiceId, accountId: ctx.identity.accountId }
  const returnUrl = readReturnUrl(request.returnUrl ?? ctx.config.publicUrl)
  // Read in a transaction that ends here: what follows may ask a gateway, and reads what is due again.
  const invoice = await separately(ctx, (_apart, tx) => lockInvoice(tx, ref))
  mustBeDue(invoice)
  const method = await methodOf(ctx, invoice, request.payMethod)
  if (method.driver === 'bank') return payByTransfer(ctx, method, invoice)
  if (method.driver === 'credit') {
    const of = { accountId: ref.accountId, invoiceId: ref.id }
    const { status, ...credit } = await applyCredit(ctx, await ctx.begin(), of)
    return { status, credit }
  }
  if (!request.saveCard) {
    const charged = await chargeInvoice(ctx, ref, method.id)
    if (charged.state === 'paid') return { status: charged.status }
    if (charged.state === 'unknown') throw inProgress()
    // Declined: perhaps the bank wants its owner to confirm it, which the page does.
  }
  const { saveCard } = request
  const url = await startCheckout(ctx, ref, { method, email: ctx.identity.email, returnUrl, saveCard })
  return { status: invoice.status, url }
}

async function payByTransfer(ctx: SignedInContext, method: PaymentMethod, invoice: InvoiceState): Promise<PayAnswer> {
  await audit(ctx, await ctx.begin(), {
    event: 'payment.transfer',
    description: `Told how to pay ${nameOf(invoice)} by transfer`,
    detail: { invoice: invoice.id, method: method.key },
    accountId: invoice.accountId,
  })
  return { status: invoice.status, transfer: bankInstructions(ctx, method, invoice) }
}

async function methodOf(
  ctx: SignedInContext,
  { accountId, currency, paymentMethodId }: InvoiceState,
  id: string | undefined,
): Promise<PaymentMethod> {
  const own = id === undefined && paymentMethodId !== null
  const method = own
    ? await methodById(ctx.db, paymentMethodId, currency.code)
    : await paymentMethodFor(ctx, ctx.db, { id, accountId, currency: currency.code })
  if (method === undefined) throw noPaymentMethods()
  if (!isPayable(ctx, method.driver)) throw badField('pay_method', 'field_format_error')
  return method
}

/** The page leads back there by the browser of whoever pays. */
function readReturnUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw badField('return_url', 'field_format_error')
  return url.href
}
