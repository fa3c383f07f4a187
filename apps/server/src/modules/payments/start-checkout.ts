import { DriverError } from '@innkeeper/drivers'
import type { Context, InvoiceRef } from '../../context.ts'
import { separately } from '../../separately.ts'
import { audit } from '../audit/index.ts'
import { nameOf } from '../billing/index.ts'
import type { PaymentMethod } from '../payment-methods/index.ts'
import { decideAttempt, nameAttempt } from './attempt-store.ts'
import { customerRefOf } from './card-store.ts'
import { gatewayOf } from './gateways.ts'
import { inProgress, takeLease } from './take-lease.ts'

export interface CheckoutRequest {
  readonly method: Pick<PaymentMethod, 'id' | 'driver'>
  readonly email: string
  readonly returnUrl: string
  readonly saveCard: boolean
}

/** So long a page stays open. */
const openMilliseconds = 12 * 3_600_000

/** Opens a page at the gateway on which what is due can be paid, or gives the one that is open. */
export async function startCheckout(ctx: Context, ref: InvoiceRef, request: CheckoutRequest): Promise<string> {
  const { method, email, returnUrl, saveCard } = request
  const gateway = gatewayOf(ctx, method.driver)
  const { attempt, invoice, reused } = await takeLease(ctx, ref, {
    ...{ methodId: method.id, driver: method.driver, kind: 'checkout', saveCard },
    milliseconds: openMilliseconds,
  })
  if (reused && attempt.url !== null) return attempt.url
  const { amountMinor, currency, expiresAt } = attempt
  const customerRef = await customerRefOf(ctx.db, ref.accountId, method.id)
  const wish = { amountMinor, currency, email, returnUrl, saveCard, expiresAt, description: nameOf(invoice) }
  try {
    const page = await gateway.createCheckout(attempt.id, {
      ...wish,
      ...(customerRef === undefined ? {} : { customerRef }),
    })
    await separately(ctx, async (apart, tx) => {
      if (!(await nameAttempt(tx, attempt, page.id, page))) throw inProgress()
      await audit(apart, tx, {
        event: 'payment.checkout',
        description: `Payment page opened for ${nameOf(invoice)}`,
        detail: { invoice: ref.id, attempt: attempt.id, amount_minor: String(amountMinor) },
        accountId: ref.accountId,
      })
    })
    return page.url
  } catch (error) {
    // Nobody was told of a page that may be there, so nobody can pay on it.
    const why = error instanceof DriverError ? error.message : 'the page was not made'
    const at = ctx.clock.now()
    await separately(ctx, (_apart, tx) =>
      decideAttempt(tx, attempt, { state: 'failed', error: why, at, ifNameless: true }),
    )
    throw error
  }
}
