export { ensureProduct, insertService, type NewProduct } from './catalogue-store.ts'
export { type BoughtService, mustBeActive, mustHave } from './service.ts'
export { findService, releaseZonePlace, serviceIdsWith, takeZonePlace } from './store.ts'
