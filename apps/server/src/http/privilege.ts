import type { Access } from '@innkeeper/contract'
import type { Identity } from '../context.ts'
import { may, mayOn } from '../privileges.ts'
import { notFound, Refusal } from '../refusal.ts'

/** Refuses what the contract entry does not allow this identity. Whose the object is, the stores check. */
export function checkPrivilege(
  access: Access,
  identity: Identity | undefined,
  input: Readonly<Record<string, unknown>>,
): void {
  if (access.kind === 'public') return
  if (identity === undefined) throw new Refusal('unauthorized')
  if (access.kind === 'area' && !may(identity.privileges, access.area, access.key)) throw new Refusal('forbidden')
  if (access.kind === 'object' && !mayOn(identity.privileges, access.area, String(input[access.by]), access.key))
    throw notFound()
}
