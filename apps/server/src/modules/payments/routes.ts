import type { ModuleHandlers } from '../../http/implement.ts'
import { methodsOfAccount } from './method-store.ts'
import { wireFee, wirePercent } from './payment-method.ts'

/** The part of the billing operations that is about ways to pay. */
export const paymentHandlers: Pick<ModuleHandlers<'billing'>, 'listPaymentMethods' | 'listPaymentFees'> = {
  async listPaymentMethods(ctx) {
    const methods = await methodsOfAccount(ctx.db, ctx.identity.accountId)
    return { payments: Object.fromEntries(methods.map(({ method }) => [method.id, method.name])) }
  },
  async listPaymentFees(ctx) {
    const methods = await methodsOfAccount(ctx.db, ctx.identity.accountId)
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
