import type { App } from '../../../context.ts'

/** What a provisioner is told about a service: all of it, each time. */
export interface ProvisionedService {
  readonly id: string
  readonly accountId: string
  /** Host name, or the name of a domain; may be empty. */
  readonly name: string
  /** The product's options for its provisioner, as the catalogue has them. */
  readonly options: Readonly<Record<string, unknown>>
  /** What was chosen, by the keys of fields: the key of an item, a quantity, or a text. */
  readonly choices: Readonly<Record<string, string | number>>
  /** Options of its running addons, but for those that are made apart. */
  readonly addons: readonly Readonly<Record<string, unknown>>[]
  /** What the provisioner itself called it before. */
  readonly externalId: string | null
  readonly username: string
}

/** `waiting`: somebody else will say when it is done (complete-provisioning.ts). */
export type ProvisionOutcome =
  | { readonly state: 'waiting' }
  | { readonly state: 'done'; readonly externalId?: string; readonly username?: string; readonly password?: string }

export const done: ProvisionOutcome = { state: 'done' }

/**
 * Makes and unmakes what a service consists of. Each call names the end that is wanted, may come again after it was
 * reached or reached half, and then does what is missing. It runs outside of transactions; what it throws is kept with
 * the service and tried again.
 */
export interface Provisioner {
  create(app: App, service: ProvisionedService): Promise<ProvisionOutcome>
  /** Its product, choices or addons changed. */
  change(app: App, service: ProvisionedService): Promise<ProvisionOutcome>
  suspend(app: App, service: ProvisionedService): Promise<ProvisionOutcome>
  unsuspend(app: App, service: ProvisionedService): Promise<ProvisionOutcome>
  /** Also of what was never made, or is gone already. */
  terminate(app: App, service: ProvisionedService): Promise<ProvisionOutcome>
}

/** By the names that products have in the catalogue. */
export type Provisioners = Readonly<Record<string, Provisioner>>
