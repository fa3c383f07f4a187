export { hasCatalogue } from './catalogue-store.ts'
export {
  defaultCycle,
  productCharges,
  readCycle,
  tldCharges,
} from './charges.ts'
export { type Choices, configCharges, type Had, readChoices } from './choices.ts'
export { type Chosen, choiceNames, choicesText, chosenOf } from './chosen.ts'
export type { Config } from './configuration.ts'
export { countReturns } from './count-returns.ts'
export { describePlan } from './describe-plan.ts'
export type { ProvisionerName } from './driver-names.ts'
export { type ChosenAddon, type ChosenSubproduct, readAddons, readSubproducts } from './extras.ts'
export { CatalogueError } from './file-problems.ts'
export { applyImport, planImport } from './import-catalogue.ts'
export type {
  AddonOffer,
  DomainAction,
  OfferedField,
  OfferedItem,
  Offers,
  PayType,
  Price,
  Prices,
  ProductOffer,
  TldOffer,
} from './offer.ts'
export { loadOffers, type Wanted } from './offers-store.ts'
export type { Change, Plan } from './plan.ts'
export { type PromoCode, type PromoFacts, type PromoLine, type PromoReason, promoFor, targetsOf } from './promo.ts'
export { findPromo, type PromoUse, releasePromo, takePromo } from './promo-store.ts'
export { catalogHandlers } from './routes.ts'
export { returnStock, takeStock } from './stock-store.ts'
