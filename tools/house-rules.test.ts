import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const modules = join(import.meta.dirname, '../apps/server/src/modules')
const files = readdirSync(modules, { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.ts') && !path.endsWith('.test.ts'))
  .map(path => ({ path, text: readFileSync(join(modules, path), 'utf8') }))

test('modules write SQL in their store files only', () => {
  const writesSql = /\.(?:selectFrom|insertInto|updateTable|deleteFrom)\(|\brunSql\b|\bsql(?:<[^>]*>)?`/
  const stores = files.filter(({ path }) => /(?:^|[/-])store\.ts$/.test(path))
  const others = files.filter(file => !stores.includes(file))
  expect(others.filter(({ text }) => writesSql.test(text)).map(({ path }) => path)).toEqual([])
  expect(stores.filter(({ text }) => !writesSql.test(text)).map(({ path }) => path)).toEqual([])
})

test('every module is seen through its index, and has its HTTP side in routes.ts', () => {
  const names = [...new Set(files.map(({ path }) => path.split('/')[0] ?? ''))]
  const paths = files.map(({ path }) => path)
  expect(names.filter(name => !paths.includes(join(name, 'index.ts')))).toEqual([])
  const handling = files.filter(({ text }) => /\b(?:Staff)?ModuleHandlers\b/.test(text)).map(({ path }) => path)
  expect(handling.filter(path => !/[/-]routes\.ts$/.test(path))).toEqual([])
})
