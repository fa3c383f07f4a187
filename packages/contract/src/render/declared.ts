import { contract, operations, planned } from '../contract.ts'
import { type ErrorCode, errorsOfEvery } from '../errors.ts'
import type { AnyOperation } from '../op.ts'
import { inProfile, type ProfileName } from '../profiles.ts'

/** Version of the contract, shown in the documents; that of this package. */
export const apiVersion = '0.1.0'

/** The operations of a profile's documents: the published ones, without extensions of ours. */
export function publishedOperations(profile: ProfileName): AnyOperation[] {
  return operations.filter(operation => operation.documents.length > 0 && inProfile(operation, profile))
}

/** What the server has beyond the published operations, whatever the profile. */
export function extensionOperations(): AnyOperation[] {
  return operations.filter(operation => operation.documents.length === 0)
}

const plannedIds: ReadonlySet<string> = new Set(
  Object.entries(planned as Readonly<Record<string, readonly string[]>>).flatMap(([module, names]) => {
    const declared = contract[module as keyof typeof contract] as unknown as Record<string, AnyOperation> // by name
    return names.map(name => declared[name]?.id ?? `${module}.${name}`)
  }),
)

/** Whether an operation is declared and not carried out yet: the server answers `invalid method`. */
export function isPlanned(operation: { readonly id: string }): boolean {
  return plannedIds.has(operation.id)
}

/** GET reads; everything else changes something and is answered with `success`. */
export function isMutation(operation: AnyOperation): boolean {
  return operation.method !== 'GET'
}

/** Whether an Idempotency-Key means something. */
export function takesKey(operation: AnyOperation): boolean {
  return isMutation(operation) && operation.replayable
}

const aboutBodies: readonly ErrorCode[] = ['body_too_large', 'unsupported_media_type']
const aboutFields: readonly ErrorCode[] = ['field_empty_error', 'field_format_error']

/** Every code an operation may answer with: its own, those of its access rule and those of its method. */
export function errorsOf(operation: AnyOperation): ErrorCode[] {
  const hasFields = Object.keys(operation.input.properties).length > 0
  const everywhere = errorsOfEvery.filter(
    code =>
      (operation.access.kind !== 'public' || code !== 'unauthorized') &&
      (operation.method !== 'GET' || !aboutBodies.includes(code)) &&
      (hasFields || !aboutFields.includes(code)),
  )
  const { access } = operation
  const mayForbid = access.kind === 'area' || (access.kind === 'staff' && access.right !== undefined)
  const ofAccess: ErrorCode[] = mayForbid ? ['forbidden'] : access.kind === 'object' ? ['not_found'] : []
  const ofMethod: ErrorCode[] = takesKey(operation) ? ['idempotency_in_flight', 'idempotency_key_reused'] : []
  return [...new Set([...operation.errors, ...ofAccess, ...everywhere, ...ofMethod])]
}
