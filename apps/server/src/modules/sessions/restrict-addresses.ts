import type { SignedInContext } from '../../context.ts'
import { Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { updateAllowedAddresses } from './accounts-store.ts'
import { addressList, allows, readNetworks } from './address-list.ts'
import { identityChanged } from './announce.ts'

/** Says from where the account may be used, at once and on every node; an empty list: from everywhere. */
export async function restrictAddresses(
  ctx: SignedInContext,
  sent: readonly string[],
  force: boolean,
): Promise<string[]> {
  const { accountId } = ctx.identity
  // A stolen token that may change this list must not be able to shut its owner out.
  if (force && ctx.identity.via === 'token') throw new Refusal('forbidden')
  const networks = readNetworks(sent)
  if (!force && !allows(addressList(networks), ctx.address)) {
    throw new Refusal('ipaccess_lockout', { fields: { allowed_addresses: ['ipaccess_lockout'] } })
  }
  const tx = await ctx.begin()
  await updateAllowedAddresses(tx, accountId, networks)
  await identityChanged(ctx, tx, { accountId })
  await audit(ctx, tx, {
    event: 'account.ipaccess',
    description: networks.length === 0 ? 'Access from every address' : 'Access from listed addresses only',
    detail: { allowed_addresses: networks },
    accountId,
  })
  return networks
}
