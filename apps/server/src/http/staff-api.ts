import { type Access, roleMay } from '@innkeeper/contract'
import type { App, StaffIdentity } from '../context.ts'
import { Refusal } from '../refusal.ts'
import type { Implementation } from './implement.ts'
import { routePlan } from './plan.ts'
import { staffReference } from './reference-documents.ts'
import { type Caller, type Credentials, isStaff, type Surface } from './surface.ts'

/** Who of the staff a request comes from; undefined without credentials. Throws a Refusal for bad ones. */
type AuthenticateStaff = (credentials: Credentials) => Promise<StaffIdentity | undefined>

const prefix = '/admin/api'

/** The staff API: whatever customers are served, it is the same. */
export function staffApi(
  { config }: Pick<App, 'config'>,
  implementations: readonly Implementation[],
  authenticate: AuthenticateStaff,
): Surface {
  return {
    prefix,
    routes: routePlan(prefix, implementations, () => true),
    schemes: ['bearer'],
    challenge: 'Bearer realm="Staff"',
    dialect: 'documented',
    anyOrigin: false,
    reference: staffReference(config),
    authenticate,
    permit,
  }
}

function permit(access: Access, caller: Caller | undefined): void {
  if (access.kind === 'public') return
  if (caller === undefined || !isStaff(caller) || access.kind !== 'staff') throw new Refusal('unauthorized')
  if (access.right !== undefined && !roleMay(caller.role, access.right)) throw new Refusal('forbidden')
}
