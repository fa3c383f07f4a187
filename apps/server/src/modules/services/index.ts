export { ensureProduct, insertService } from './catalogue-store.ts'
export { mustBeActive, mustHave } from './service.ts'
export { findService, releaseZonePlace, serviceIdsWith, takeZonePlace } from './store.ts'
