import { Resolver } from 'node:dns/promises'
import ipaddr from 'ipaddr.js'
import type { Context } from '../../context.ts'
import { recordSignInHost } from './logins-store.ts'

/** Writes down the name of the host a sign-in came from, for addresses of the public Internet, when DNS has told it. */
export function lookUpSignInHost({ db, log, address }: Context, profileId: string): void {
  if (!ipaddr.isValid(address) || ipaddr.process(address).range() !== 'unicast') return
  const resolver = new Resolver({ timeout: 2000, tries: 1 })
  resolver
    .reverse(ipaddr.process(address).toString())
    .then(([host]) => (host === undefined ? undefined : recordSignInHost(db, profileId, address, host.slice(0, 255))))
    .catch((error: unknown) => log.debug({ err: error }, 'no host name for the address of a sign-in'))
}
