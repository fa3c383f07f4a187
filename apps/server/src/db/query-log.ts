import { AsyncLocalStorage } from 'node:async_hooks'

const log = new AsyncLocalStorage<string[]>()

/** Notes a statement that is about to be sent; one statement is one round trip. */
export function noteQuery(text: string): void {
  log.getStore()?.push(text)
}

/** Runs the work and tells which statements it sent, `begin` and `commit` included: for tests that hold a number of round trips. */
export async function recordQueries<T>(work: () => Promise<T>): Promise<{ result: T; queries: readonly string[] }> {
  const queries: string[] = []
  // Awaited inside: what `inject` gives starts its request only when it is awaited.
  const result = await log.run(queries, async () => await work())
  return { result, queries }
}
