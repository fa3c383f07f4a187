import type { AnyOperation } from '../op.ts'
import { audit } from './audit.ts'
import { catalogue } from './catalogue.ts'
import { clients } from './clients.ts'
import { clock } from './clock.ts'
import { invoices } from './invoices.ts'
import { jobs } from './jobs.ts'
import { orders } from './orders.ts'
import { payments } from './payments.ts'
import { services } from './services.ts'
import { session } from './session.ts'
import { team } from './team.ts'

/** The staff API, by module. It has no profiles, no dialects and nothing planned. */
export const staffContract = {
  session,
  team,
  clients,
  catalogue,
  orders,
  services,
  invoices,
  payments,
  jobs,
  audit,
  clock,
}
/** The staff API as a type: what handlers have to fit. */
export type StaffContract = typeof staffContract

/** Every operation of the staff API in one list. */
export const staffOperations: readonly AnyOperation[] = Object.values(staffContract).flatMap(
  module => Object.values(module) as unknown as AnyOperation[], // each entry is an Operation of narrower types
)
