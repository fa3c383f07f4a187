import type { App } from '../../../context.ts'
import { setZoneLimit } from '../feature-store.ts'
import { done, type ProvisionedService, type Provisioner } from './provisioner.ts'

/** What the dns module does for it; services are below that module and cannot call it. */
export interface ZonesOfServices {
  deleteZones(app: App, service: { readonly id: string; readonly accountId: string }): Promise<void>
}

/**
 * Zones of the name servers. The option or choice `zones` is how many there may be, and addons add theirs. While the
 * service is suspended its zones stay published and cannot be changed, which its status sees to.
 */
export function dnsProvisioner({ deleteZones }: ZonesOfServices): Provisioner {
  const allow = async (app: App, service: ProvisionedService) => {
    await setZoneLimit(app.db, service.accountId, service.id, zoneLimit(service))
    return done
  }
  return {
    create: allow,
    change: allow,
    suspend: async () => done,
    unsuspend: allow,
    async terminate(app, service) {
      await deleteZones(app, service)
      return done
    },
  }
}

/** Undefined: neither product nor choice says one, so it stays as the product's own limit made it. */
function zoneLimit({ options, choices, addons }: ProvisionedService): number | undefined {
  const base = wholeNumber(choices.zones) ?? wholeNumber(options.zones)
  if (base === undefined) return undefined
  return addons.reduce((total, addon) => total + (wholeNumber(addon.zones) ?? 0), base)
}

/** Keys of items may carry the number: `zones-10`. */
function wholeNumber(value: unknown): number | undefined {
  const digits = /(\d{1,6})$/.exec(String(value ?? ''))?.[1]
  return digits === undefined ? undefined : Number(digits)
}
