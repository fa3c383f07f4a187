import { getPublicSuffix } from 'tldts'

/**
 * Whether a registry sells names below this one, as below `co.uk`. Whoever had it as a zone here would keep all other
 * customers from having theirs below it. Suffixes that companies sell names under are theirs to have.
 */
export function isPublicSuffix(name: string): boolean {
  return getPublicSuffix(name, { allowPrivateDomains: false, validateHostname: false }) === name
}
