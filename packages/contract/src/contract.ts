import { account } from './modules/account.ts'
import { auth } from './modules/auth.ts'
import { contacts } from './modules/contacts.ts'
import { dns } from './modules/dns.ts'
import { extensions } from './modules/extensions.ts'
import type { AnyOperation } from './op.ts'

/** The whole surface, by module. */
export const contract = { auth, account, contacts, dns, extensions }
export type Contract = typeof contract

/**
 * Operations that are declared and not yet carried out; the server answers them 404 `invalid method`.
 * This list may only shrink: test/gates hold it.
 */
export const planned = {} as const satisfies { [M in keyof Contract]?: readonly (keyof Contract[M])[] }
export type Planned = typeof planned

/** Every operation in one list, in the order of the modules. */
export const operations: readonly AnyOperation[] = Object.values(contract).flatMap(
  module => Object.values(module) as unknown as AnyOperation[], // each entry is an Operation of narrower types
)
