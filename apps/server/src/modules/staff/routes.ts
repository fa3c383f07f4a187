import type { StaffHandlers } from '../../http/implement.ts'
import { auditHandlers } from './audit-routes.ts'
import { catalogueHandlers } from './catalogue-routes.ts'
import { clientsHandlers } from './clients-routes.ts'
import { clockHandlers } from './clock-routes.ts'
import { invoicesHandlers } from './invoices-routes.ts'
import { jobsHandlers } from './jobs-routes.ts'
import { ordersHandlers } from './orders-routes.ts'
import { paymentsHandlers } from './payments-routes.ts'
import { servicesHandlers } from './services-routes.ts'
import { sessionHandlers } from './session-routes.ts'
import { teamHandlers } from './team-routes.ts'

/** What carries each operation of the staff API out. */
export const staffHandlers: StaffHandlers = {
  session: sessionHandlers,
  team: teamHandlers,
  clients: clientsHandlers,
  catalogue: catalogueHandlers,
  orders: ordersHandlers,
  services: servicesHandlers,
  invoices: invoicesHandlers,
  payments: paymentsHandlers,
  jobs: jobsHandlers,
  audit: auditHandlers,
  clock: clockHandlers,
}
