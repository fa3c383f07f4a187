import type { App } from '../../context.ts'

/** Needs nobody else: transfers are read from statements, credit is ours. */
const withoutGateway: ReadonlySet<string> = new Set(['bank', 'credit', 'manual'])

/** Whether anybody could pay by this driver here: its gateway is configured, or it needs none. */
export function isPayable({ gateways }: Pick<App, 'gateways'>, driver: string): boolean {
  return withoutGateway.has(driver) || gateways.has(driver)
}
