import type { ErrorCode } from '../errors.ts'

/** What can go wrong wherever a registry is asked: the domain, its state, or the registry itself. */
export const registryErrors: readonly ErrorCode[] = ['not_found', 'conflict', 'upstream_error', 'upstream_timeout']
