export { billPeriods } from './bill-periods.ts'
export type { NewBoughtService, NewDomain, NewPeriod, ServiceConfig, ServiceRef } from './bought.ts'
export { ensureProduct, insertService } from './catalogue-store.ts'
export { completeProvisioning } from './complete-provisioning.ts'
export { createServices } from './create-services.ts'
export {
  cancelAtPeriodEnd,
  cancelUnpaidService,
  markServiceFraud,
  terminateService,
} from './end-service.ts'
export { serviceEffects } from './invoice-effects.ts'
export { insertOrders, type NewOrder, type PlacedOrder } from './order-store.ts'
export { provisionAgain, provisionJob, startProvisioning } from './provision-service.ts'
export { dnsProvisioner, type ZonesOfServices } from './provisioners/dns.ts'
export { manual } from './provisioners/manual.ts'
export { none } from './provisioners/none.ts'
export type { Provisioner, Provisioners } from './provisioners/provisioner.ts'
export { type Renewal, renewalsOf } from './renewal.ts'
export { serviceExtensions, serviceHandlers } from './routes.ts'
export { mustBeActive, mustHave } from './service.ts'
export { type LockedService, lockService } from './service-store.ts'
export type { ServiceStatus } from './status.ts'
export { findService, releaseZonePlace, serviceIdsWith, takeZonePlace } from './store.ts'
export { type SuspendReason, suspendService, unsuspendService } from './suspend-service.ts'
export { sweepServices } from './sweep-changes.ts'
export { orderUpgrade } from './upgrade-service.ts'
