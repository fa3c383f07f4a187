import type { ErrorCode } from './errors.ts'
import { errorsOfEvery } from './errors.ts'
import type { AnyOperation } from './op.ts'

/**
 * Every code an operation may answer with: those of all operations, those that its access and its method bring along,
 * and its own. Each once, in that order.
 */
export function errorsOf(operation: AnyOperation): ErrorCode[] {
  const ofAccess: ErrorCode[] =
    operation.access.kind === 'area' ? ['forbidden'] : operation.access.kind === 'object' ? ['not_found'] : []
  const ofMethod: ErrorCode[] = operation.method === 'GET' ? [] : ['idempotency_in_flight', 'idempotency_key_reused']
  return [...new Set([...errorsOfEvery, ...ofAccess, ...ofMethod, ...operation.errors])]
}
