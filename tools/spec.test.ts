import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { specFiles } from './spec-files.ts'

test.each(Object.entries(specFiles()))('spec/%s is what `npm run spec` writes', async (name, text) => {
  const committed = await readFile(join(import.meta.dirname, '..', 'spec', name), 'utf8')
  expect(committed === text, `spec/${name} is stale: run \`npm run spec\` and commit it`).toBe(true)
})
