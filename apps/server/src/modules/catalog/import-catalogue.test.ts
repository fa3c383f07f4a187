import { readFile } from 'node:fs/promises'
import { afterAll, expect, test } from 'vitest'
import { testApp } from '../../../test/app.ts'
import { asOperator } from '../../operator.ts'
import { applyImport, planImport } from './import-catalogue.ts'

const app = await testApp()
afterAll(() => app.close())
const demo = await readFile(new URL('../../../demo/catalogue.yaml', import.meta.url), 'utf8')

test('smoke', async () => {
  const t = performance.now()
  const first = await asOperator(app, ctx => applyImport(ctx, demo))
  console.log(first.changes.length, performance.now() - t)
  console.dir(first.changes.filter(c => c.path.includes('web-m')).slice(0, 12), { depth: 5 })
  const again = await planImport(app, demo)
  console.dir(again.changes.slice(0, 10), { depth: 6 })
  expect(again.changes).toEqual([])
})
