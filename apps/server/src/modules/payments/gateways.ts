import { createStripe, DriverError, type PaymentDriver } from '@innkeeper/drivers'
import type { Config } from '../../config.ts'
import type { App } from '../../context.ts'

/** The gateways of the configuration: one that has no key is not there. */
export function openGateways({ payment }: Pick<Config, 'payment'>): ReadonlyMap<string, PaymentDriver> {
  const { stripeSecretKey, stripeWebhookSecret, stripeUrl } = payment
  if (stripeSecretKey === undefined) return new Map()
  const webhookSecret = stripeWebhookSecret === undefined ? {} : { webhookSecret: stripeWebhookSecret }
  const stripe = createStripe({ secretKey: stripeSecretKey, url: stripeUrl, ...webhookSecret })
  return new Map([[stripe.name, stripe]])
}

/** The gateway behind a method; throws a DriverError `misconfigured` where there is none. */
export function gatewayOf({ gateways }: Pick<App, 'gateways'>, driver: string): PaymentDriver {
  const gateway = gateways.get(driver)
  if (gateway === undefined) throw new DriverError('misconfigured', `payment by ${driver} is not configured`)
  return gateway
}
