import { expect, test } from 'vitest'
import { readAtMost } from './read-at-most.ts'

test('an answer is read whole, wherever its pieces part', async () => {
  const bytes = Buffer.from('täglich')
  const pieces = new ReadableStream({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
      controller.close()
    },
  })
  expect(await readAtMost(bytes.length, new Response(pieces))).toBe('täglich')
  expect(await readAtMost(0, new Response(null))).toBe('')
})

test('one that is longer is refused, and its sender told to stop', async () => {
  let stopped = false
  const endless = new ReadableStream({
    pull: controller => controller.enqueue(new Uint8Array(1000)),
    cancel() {
      stopped = true
    },
  })
  await expect(readAtMost(9999, new Response(endless))).rejects.toThrow('longer than 9999 bytes')
  expect(stopped).toBe(true)
})
