import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const notOurs = new Set(['node_modules', '.git', 'data', 'spec'])

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : filesBelow(path)
    return /\.(ts|mjs|cjs|md|sql)$/.test(entry.name) ? [path] : []
  })
}

const files = filesBelow('').map(path => ({ path, text: readFileSync(join(root, path), 'utf8') }))

test.each(files.filter(({ path }) => path.endsWith('.md')))('every link of $path leads somewhere', ({ path, text }) => {
  const targets = [...text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)].map(([, target = '']) => target)
  expect(targets.filter(target => !existsSync(join(root, dirname(path), target)))).toEqual([])
})

test('every decision that code and pages refer to is there', () => {
  const decisions = readdirSync(join(root, 'docs/decisions')).map(name => name.slice(0, 4))
  const missing = files.flatMap(({ path, text }) =>
    [...text.matchAll(/decisions\/(\d{4})\b/g)]
      .filter(([, number = '']) => !decisions.includes(number))
      .map(([reference]) => `${path}: ${reference}`),
  )
  expect(missing).toEqual([])
})
