import Stripe from 'stripe'
import { DriverError } from '../../kit/driver-error.ts'

const { errors } = Stripe

/** Nobody was there to hear the request. */
const unheard: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

/** Runs a call; whatever it throws becomes a DriverError. Messages of Stripe name no key beyond its last letters. */
export async function speaking<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw driverErrorOf(error)
  }
}

function driverErrorOf(error: unknown): unknown {
  if (!(error instanceof errors.StripeError)) return error
  const said = `Stripe: ${error.code ?? error.type}: ${error.message}`
  if (error instanceof errors.StripeConnectionError) {
    const { code } = (error.detail ?? {}) as { code?: unknown } // the socket's error, where there is one
    return new DriverError(unheard.has(code) ? 'unavailable' : 'timeout', said)
  }
  if (error instanceof errors.StripeAuthenticationError || error instanceof errors.StripePermissionError) {
    return new DriverError('misconfigured', `${said}; check payment.stripeSecretKey`)
  }
  if (error instanceof errors.StripeRateLimitError) return new DriverError('unavailable', said)
  // Of a request that is still under way elsewhere, and of a failure inside Stripe, nobody knows how far it came.
  const unknown = error.code === 'idempotency_key_in_use' || (error.statusCode ?? 500) >= 500
  return new DriverError(unknown ? 'timeout' : 'refused', said)
}

/** A card that was declined, as Stripe says why; undefined for any other error. */
export function declineOf(error: unknown): string | undefined {
  return error instanceof errors.StripeCardError ? reasonOf(error) : undefined
}

/** The most telling of the codes that Stripe gives for a decline. */
export function reasonOf({ code, decline_code }: { code?: string; decline_code?: string }): string {
  const vague = decline_code === undefined || decline_code === '' || decline_code === 'generic_decline'
  return (vague ? code : decline_code) ?? 'card_declined'
}

/** Whether Stripe refused because the thing is in another state by now. */
export function isOfState(error: unknown): boolean {
  return error instanceof errors.StripeInvalidRequestError && error.code !== 'resource_missing'
}
