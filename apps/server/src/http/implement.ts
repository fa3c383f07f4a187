import {
  type AnyOperation,
  type Contract,
  contract,
  type InputOf,
  type Planned,
  planned,
  type ReplyOf,
} from '@innkeeper/contract'
import type { Context, SignedInContext } from '../context.ts'

/** What carries an operation out: the context fits who may call it, the answer fits the reply schema. */
export type Handler<O> = (
  ctx: O extends { access: { kind: 'public' } } ? Context : SignedInContext,
  input: InputOf<O>,
) => Promise<ReplyOf<O>>

type PlannedIn<M extends keyof Contract> = M extends keyof Planned
  ? Planned[M] extends readonly (infer Name)[]
    ? Name
    : never
  : never

/** The handlers of one module: every operation that is not planned, and no other. */
export type ModuleHandlers<M extends keyof Contract> = {
  readonly [Name in Exclude<keyof Contract[M], PlannedIn<M>>]: Handler<Contract[M][Name]>
}
/** The handlers of the whole contract. A missing, superfluous or mistyped one does not compile. */
export type Handlers = {
  readonly [M in keyof Contract as Exclude<keyof Contract[M], PlannedIn<M>> extends never
    ? never
    : M]: ModuleHandlers<M>
}

/** An operation with what carries it out. */
export interface Implementation {
  readonly operation: AnyOperation
  /** Undefined: planned. */
  readonly handle?: (
    ctx: Context,
    input: Readonly<Record<string, unknown>>,
  ) => Promise<Readonly<Record<string, unknown>>>
}

/** Pairs every operation of the contract with its handler. */
export function implement(handlers: Handlers): Implementation[] {
  const byModule = handlers as unknown as Record<string, Record<string, Implementation['handle']>> // typed above, by name here
  return Object.entries(contract).flatMap(([module, operations]) =>
    Object.entries(operations).map(([name, operation]) => {
      const handle = byModule[module]?.[name]
      const isPlanned = (planned as Record<string, readonly string[]>)[module]?.includes(name) ?? false // widened for the look-up
      if (handle === undefined && !isPlanned) throw new Error(`${module}.${name} has no handler`)
      return { operation: operation as unknown as AnyOperation, ...(handle === undefined ? {} : { handle }) } // narrower types
    }),
  )
}
