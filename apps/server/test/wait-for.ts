import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until the condition holds; the test's own timeout ends the waiting. */
export async function waitFor(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20)
}
