import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { runSweep } from './sweep.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app.close())

test('a sweep whose worker stops begins nothing more, and says that it did not end', async () => {
  const stopping = new AbortController()
  const begun: string[] = []
  const sweep = {
    name: 'test',
    next: async () => Array.from({ length: 100 }, (_, index) => ({ name: `item ${index}` })),
    async carryOut(_app: unknown, { name }: { name: string }) {
      begun.push(name)
      if (begun.length === 8) stopping.abort(new Error('the worker stops'))
      await new Promise(setImmediate)
    },
  }
  await expect(runSweep(app, sweep, stopping.signal)).rejects.toThrow('the worker stops')
  expect(begun.length).toBeLessThan(16)
})
