import { notFound } from '../../refusal.ts'
import type { Offers, ProductOffer } from './offer.ts'

/** A product that stands in the shop; what is retired or in no category answers as what does not exist. */
export function offeredProduct(offers: Offers, productId: string): ProductOffer {
  const product = offers.products.get(productId)
  if (product === undefined || product.retired || product.category === null) throw notFound()
  return product
}
