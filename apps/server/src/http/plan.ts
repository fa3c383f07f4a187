import type { AnyOperation, Method } from '@innkeeper/contract'
import type { Implementation } from './implement.ts'

/** A method and path to be routed, and what to do there. */
export interface Route {
  readonly method: Method
  readonly url: string
  readonly implementation: Implementation
  /** False: the contract knows it, but it is planned or not in the profile. */
  readonly served: boolean
}

/**
 * The routes below a prefix. What the contract documents for a method and path comes first; then the other methods that
 * clients send there (POST for PUT, always). Operations that are not served are routed too: otherwise
 * `/ticket/departments` would be taken for the ticket named "departments".
 */
export function routePlan(
  prefix: string,
  implementations: readonly Implementation[],
  isOffered: (operation: AnyOperation) => boolean,
): Route[] {
  const routes = new Map<string, Route>()
  const add = (method: Method, implementation: Implementation, served: boolean) => {
    const { path } = implementation.operation
    const key = `${method} ${path.replaceAll(/\{\w+\}/g, ':')}`
    if (!routes.has(key)) {
      routes.set(key, { method, url: `${prefix}${path.replaceAll(/\{(\w+)\}/g, ':$1')}`, implementation, served })
    }
  }
  const isServed = ({ operation, handle }: Implementation) => handle !== undefined && isOffered(operation)
  const served = implementations.filter(isServed)
  for (const implementation of served) add(implementation.operation.method, implementation, true)
  for (const implementation of served) {
    for (const method of implementation.operation.alsoMethods ?? []) add(method, implementation, true)
    if (implementation.operation.method === 'PUT') add('POST', implementation, true)
  }
  for (const implementation of implementations) add(implementation.operation.method, implementation, false)
  return [...routes.values()]
}
