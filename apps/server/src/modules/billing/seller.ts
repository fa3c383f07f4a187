import type { Config, SellerConfig } from '../../config.ts'

/** The seller as a document names it for ever; the logo is no part of its words. */
export function sellerOf({ seller }: Config): Omit<SellerConfig, 'logo'> {
  const { logo: _file, ...words } = seller
  return words
}
