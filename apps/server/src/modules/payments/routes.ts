import { formatAmount } from '@innkeeper/money'
import type { SignedInContext } from '../../context.ts'
import type { ModuleHandlers } from '../../http/implement.ts'
import { wireDateTime } from '../../wire-time.ts'
import { isPayable, methodsOfAccount, wireFee, wirePercent } from '../payment-methods/index.ts'
import { cardsOf } from './card-store.ts'
import { type PayAnswer, payInvoice } from './pay-invoice.ts'
import { removeCard } from './remove-card.ts'

/** What the account can pay with here and now. */
async function offered(ctx: SignedInContext) {
  const methods = await methodsOfAccount(ctx.db, ctx.identity.accountId)
  return methods.filter(({ method }) => isPayable(ctx, method.driver))
}

/** The part of the billing operations that is about ways to pay. */
export const paymentHandlers: Pick<ModuleHandlers<'billing'>, 'listPaymentMethods' | 'listPaymentFees'> = {
  async listPaymentMethods(ctx) {
    const methods = await offered(ctx)
    return { payments: Object.fromEntries(methods.map(({ method }) => [method.id, method.name])) }
  },
  async listPaymentFees(ctx) {
    const methods = await offered(ctx)
    return {
      payments: methods.map(({ method: { id, name, fee }, currency }) => ({
        id: Number(id),
        name,
        fixed_fee: wireFee(fee.fixedMinor, currency),
        percent_fee: wirePercent(fee.percent),
      })),
    }
  },
}

function wireCredit({ appliedMinor, dueMinor, currency }: NonNullable<PayAnswer['credit']>) {
  return {
    applied: formatAmount(appliedMinor, currency),
    due: formatAmount(dueMinor, currency),
    currency: currency.code,
  }
}

/** What Innkeeper adds: paying an invoice, and the cards that are kept for it. */
export const paymentExtensions: Pick<ModuleHandlers<'extensions'>, 'payInvoice' | 'listCards' | 'deleteCard'> = {
  async payInvoice(ctx, input) {
    const { status, url, transfer, credit } = await payInvoice(ctx, {
      invoiceId: input.id,
      payMethod: input.pay_method,
      saveCard: input.save_card ?? false,
      returnUrl: input.return_url,
    })
    return {
      invoice_status: status,
      ...(url === undefined ? {} : { url }),
      ...(transfer === undefined ? {} : { transfer }),
      ...(credit === undefined ? {} : { credit: wireCredit(credit) }),
    }
  },
  async listCards(ctx) {
    const cards = await cardsOf(ctx.db, ctx.identity.accountId)
    return {
      cards: cards.map(({ id, methodId, brand, last4, expires, createdAt }) => ({
        id,
        pay_method: methodId,
        brand,
        last4,
        expires,
        date_added: wireDateTime(createdAt, ctx.config.timeZone),
      })),
    }
  },
  async deleteCard(ctx, input) {
    await removeCard(ctx, input.id)
    return { status: true }
  },
}
