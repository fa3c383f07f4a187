import { createStripe, DriverError, type PaymentDriver } from '@innkeeper/drivers'
import type { Config } from '../../config.ts'
import type { App } from '../../context.ts'
import type { Queryable } from '../../db/database.ts'
import { driversInUse, isPayable } from '../payment-methods/index.ts'

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

/** Drivers of methods in use that nobody can pay by, since they are not configured. */
export async function missingGateways(db: Queryable, config: Pick<Config, 'payment'>): Promise<string[]> {
  const gateways = openGateways(config)
  return (await driversInUse(db)).filter(driver => !isPayable({ gateways }, driver))
}
