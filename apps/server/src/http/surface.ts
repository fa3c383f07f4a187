import type { Access, AuthScheme, Dialect } from '@innkeeper/contract'
import type { Identity, StaffIdentity } from '../context.ts'
import type { Route } from './plan.ts'
import type { Reference } from './reference-page.ts'

/** Who is signed in: a person of a customer, or one of the staff. */
export type Caller = Identity | StaffIdentity

export function isStaff(caller: Caller): caller is StaffIdentity {
  return 'staffId' in caller
}

export interface Credentials {
  readonly authorization: string | undefined
  readonly address: string
  readonly userAgent: string
  readonly requestId: string
}

/** One of the APIs of this program: what its requests do not have in common with those of the others. */
export interface Surface {
  /** What every path of it starts with. */
  readonly prefix: string
  readonly routes: readonly Route[]
  readonly schemes: readonly AuthScheme[]
  /** WWW-Authenticate of a 401 that says nothing better (RFC 9110 §11.6.1). */
  readonly challenge: string
  readonly dialect: Dialect
  /** Whether pages of other origins may call it (docs/decisions/0005). */
  readonly anyOrigin: boolean
  readonly reference: Reference
  /** Who a request comes from; undefined without credentials. Throws a Refusal for bad ones. */
  authenticate(credentials: Credentials): Promise<Caller | undefined>
  /** Refuses what the contract entry does not allow this caller. Whose the object is, the stores check. */
  permit(access: Access, caller: Caller | undefined, input: Readonly<Record<string, unknown>>): void
}

/** The surface whose paths a URL is among; undefined for pages, health and the like. */
export function surfaceOf(surfaces: readonly Surface[], url: string): Surface | undefined {
  return surfaces.find(({ prefix }) => url.startsWith(prefix))
}
