import { expect, test } from 'vitest'
import { slots } from './slots.ts'

test('work beyond the places waits, and beyond the queue is refused', async () => {
  const run = slots(2, 3, () => new Error('overload'))
  let running = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++running)
    await new Promise(setImmediate)
    running--
  }
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => run(work)))
  expect(results.filter(result => result.status === 'fulfilled')).toHaveLength(5)
  expect(most).toBe(2)
})

test('work that fails gives its place back', async () => {
  const run = slots(1, 1, () => new Error('overload'))
  await expect(run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await run(async () => 'done')).toBe('done')
})
