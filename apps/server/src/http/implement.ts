import {
  type AnyOperation,
  type Contract,
  contract,
  type InputOf,
  type Planned,
  planned,
  type ReplyOf,
  type StaffContract,
  staffContract,
} from '@innkeeper/contract'
import type { Context, SignedInContext, StaffContext } from '../context.ts'

/** What carries an operation out: the context fits who may call it, the answer fits the reply schema. */
export type Handler<O> = (
  ctx: O extends { access: { kind: 'public' } }
    ? Context
    : O extends { access: { kind: 'staff' } }
      ? StaffContext
      : SignedInContext,
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

/** The handlers of one module of the staff API. */
export type StaffModuleHandlers<M extends keyof StaffContract> = {
  readonly [Name in keyof StaffContract[M]]: Handler<StaffContract[M][Name]>
}
/** The handlers of the staff API. */
export type StaffHandlers = { readonly [M in keyof StaffContract]: StaffModuleHandlers<M> }

/** An operation with what carries it out. */
export interface Implementation {
  readonly operation: AnyOperation
  /** Undefined: planned. */
  readonly handle?: (
    ctx: Context,
    input: Readonly<Record<string, unknown>>,
  ) => Promise<Readonly<Record<string, unknown>>>
}

/** Pairs every operation of the User API with its handler. */
export function implement(handlers: Handlers): Implementation[] {
  return pair(contract, handlers, planned)
}

/** Pairs every operation of the staff API with its handler. */
export function implementStaff(handlers: StaffHandlers): Implementation[] {
  return pair(staffContract, handlers, {})
}

type ByName<T> = Readonly<Record<string, Readonly<Record<string, T>>>>

function pair(declared: object, handlers: object, missing: Readonly<Record<string, readonly string[]>>) {
  const byModule = handlers as ByName<Implementation['handle']> // typed by both callers, by name here
  return Object.entries(declared as ByName<AnyOperation>).flatMap(
    (
      [module, operations], // the same
    ) =>
      Object.entries(operations).map(([name, operation]): Implementation => {
        const handle = byModule[module]?.[name]
        const isPlanned = missing[module]?.includes(name) ?? false
        if (handle === undefined && !isPlanned) throw new Error(`${operation.id} has no handler`)
        return { operation, ...(handle === undefined ? {} : { handle }) }
      }),
  )
}
