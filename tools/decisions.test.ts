import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const folder = new URL('../docs/decisions/', import.meta.url)

test('decisions are numbered one after the other, and each begins with its number', async () => {
  const names = (await readdir(folder)).sort()
  const headings = await Promise.all(
    names.map(async name => (await readFile(new URL(name, folder), 'utf8')).slice(0, 7)),
  )
  const numbers = names.map((_name, at) => String(at + 1).padStart(4, '0'))
  expect(names.map(name => name.slice(0, 5))).toEqual(numbers.map(number => `${number}-`))
  expect(headings).toEqual(numbers.map(number => `# ${number} `))
})
