import { type AnyOperation, operations } from '@innkeeper/contract'
import { expect, test } from 'vitest'
import { areaKeys, objectKeys } from './privilege-tree.ts'

/** The privilege an operation asks for and the keys of the tree it must be one of; undefined when it asks for none. */
function asked({ access }: AnyOperation): { key: string; known: readonly string[] } | undefined {
  switch (access.kind) {
    case 'public':
    case 'signed-in':
      return undefined
    case 'area':
      return { key: access.key, known: areaKeys[access.area] }
    case 'object':
    case 'listed':
      return { key: access.key, known: objectKeys[access.area] }
  }
}

test('every privilege that an operation asks for can be granted', () => {
  const unknown = operations.filter(operation => {
    const privilege = asked(operation)
    return privilege !== undefined && !privilege.known.includes(privilege.key)
  })
  expect(unknown.map(({ id }) => id)).toEqual([])
})

test('an operation on one service or domain names it by a parameter of its path', () => {
  const objects = operations.flatMap(({ id, path, access }) =>
    access.kind === 'object' ? [{ id, inPath: path.includes(`{${access.by}}`) }] : [],
  )
  expect(objects.filter(({ inPath }) => !inPath)).toEqual([])
  expect(objects.length).toBeGreaterThan(50)
})
