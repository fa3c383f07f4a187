import { Refusal } from '../../refusal.ts'

/** A product that an account bought. */
export interface BoughtService {
  readonly id: string
  readonly status: string
  readonly features: readonly string[]
}

/** Refuses operations that the service's product does not have. */
export function mustHave(feature: string, service: BoughtService): void {
  if (!service.features.includes(feature)) throw new Refusal('invalid method')
}

/** Refuses changes to what hangs on a service that is not running; reading it stays possible. */
export function mustBeActive(status: string): void {
  if (status !== 'Active') throw new Refusal('conflict', { also: [status] })
}
