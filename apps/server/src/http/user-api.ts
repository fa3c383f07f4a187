import { type Access, inProfile, profiles } from '@innkeeper/contract'
import type { App, Identity } from '../context.ts'
import { may, mayOn } from '../privileges.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { Implementation } from './implement.ts'
import { routePlan } from './plan.ts'
import { userReference } from './reference-documents.ts'
import { type Caller, type Credentials, isStaff, type Surface } from './surface.ts'

/** Which customer a request comes from; undefined without credentials. Throws a Refusal for bad ones. */
export type Authenticate = (credentials: Credentials) => Promise<Identity | undefined>

const prefix = '/api'

/** The User API in the profile of this installation. */
export function userApi(
  { config }: Pick<App, 'config'>,
  implementations: readonly Implementation[],
  authenticate: Authenticate,
): Surface {
  const { schemes } = profiles[config.profile]
  return {
    prefix,
    routes: routePlan(prefix, implementations, operation => inProfile(operation, config.profile)),
    schemes,
    // Bearer where it is taken: a Basic challenge makes browsers ask for a password over the page.
    challenge: schemes[0] === 'bearer' ? 'Bearer' : 'Basic realm="User API", charset="UTF-8"',
    dialect: config.dialect,
    anyOrigin: true,
    reference: userReference(config),
    authenticate,
    permit,
  }
}

function permit(access: Access, caller: Caller | undefined, input: Readonly<Record<string, unknown>>): void {
  if (access.kind === 'public') return
  if (caller === undefined || isStaff(caller) || access.kind === 'staff') throw new Refusal('unauthorized')
  if (access.kind === 'area' && !may(caller.privileges, access.area, access.key)) throw new Refusal('forbidden')
  if (access.kind === 'object' && !mayOn(caller.privileges, access.area, String(input[access.by]), access.key))
    throw notFound()
}
