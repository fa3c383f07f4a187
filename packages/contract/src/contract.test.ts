import { readFileSync } from 'node:fs'
import { Compile } from 'typebox/compile'
import { Clean } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { contract, operations as customerOperations, planned } from './contract.ts'
import { type ErrorCode, errors } from './errors.ts'

import { pathParameters } from './op.ts'
import { errorsOf } from './render/declared.ts'
import { staffContract, staffOperations } from './staff/contract.ts'
import { type StaffRight, staffRights } from './staff/roles.ts'

// What holds for one API holds for the other.
const operations = [...customerOperations, ...staffOperations]

const table = operations.map(operation => [operation.id, operation] as const)

describe('names', () => {
  test('no two operations share an id', () => {
    expect(new Set(operations.map(operation => operation.id)).size).toBe(operations.length)
  })

  test('no two operations share a method and path', () => {
    for (const list of [customerOperations, staffOperations]) {
      const routes = list.flatMap(operation =>
        [operation.method, ...(operation.alsoMethods ?? [])].map(method => `${method} ${anonymous(operation.path)}`),
      )
      expect(new Set(routes).size).toBe(routes.length)
    }
  })

  test('an id is the module and the name of the entry', () => {
    const staff = Object.entries(staffContract).map(([module, entries]) => [`staff.${module}`, entries] as const)
    for (const [module, entries] of [...Object.entries(contract), ...staff])
      for (const [name, operation] of Object.entries(entries)) {
        expect(operation.id).toBe(`${module}.${name}`)
        expect(name).toMatch(/^[a-z][a-zA-Z]+$/)
      }
  })
})

describe('inputs', () => {
  test.each(table)('%s takes every placeholder of its path, and none is optional', (_id, operation) => {
    for (const name of pathParameters(operation.path)) expect(operation.input.required).toContain(name)
  })

  test.each(table)('%s knows every field of its example requests and gets all that it needs', (_id, operation) => {
    for (const { request = {} } of operation.examples) {
      expect(Object.keys(operation.input.properties)).toEqual(expect.arrayContaining(Object.keys(request)))
      expect(Object.keys(request)).toEqual(expect.arrayContaining(operation.input.required ?? []))
      expect([...Compile(operation.input).Errors(request)]).toEqual([])
    }
  })
})

describe('replies', () => {
  test.each(table)('%s shows replies that fit its schema', (_id, operation) => {
    const reply = Compile(operation.reply)
    for (const example of operation.examples) expect([...reply.Errors(example.reply)]).toEqual([])
  })

  test.each(table)('%s shows nothing in a reply that its schema does not declare', (_id, operation) => {
    for (const example of operation.examples) {
      const declared = Clean(operation.reply, structuredClone(example.reply)) as object // every reply is an object
      // The server adds success to mutations; examples may show it.
      expect({ success: true, ...declared }).toEqual({ success: true, ...(example.reply as object) })
    }
  })

  test.each(table)('%s never answers a top-level data or error', (_id, operation) => {
    for (const example of operation.examples) {
      expect(example.reply).not.toHaveProperty('data')
      expect(example.reply).not.toHaveProperty('error')
    }
  })
})

describe('errors', () => {
  test('every code of the list is the answer of some operation', () => {
    const used = new Set(operations.flatMap(errorsOf))
    expect(Object.keys(errors).filter(code => !used.has(code as ErrorCode))).toEqual([]) // the keys of the list are codes
  })
})

describe('planned operations', () => {
  const linesOf = (name: string) =>
    readFileSync(new URL(`../../../spec/${name}`, import.meta.url), 'utf8')
      .trimEnd()
      .split('\n')
  const listed = linesOf('planned.txt')

  test('are those of spec/planned.txt', () => {
    const declared = Object.entries(planned).flatMap(([module, names]) => names.map(name => `${module}.${name}`))
    expect(declared.sort()).toEqual(listed)
  })

  test('are of those that were planned at 0.1.0: what is declared later is carried out from its first day', () => {
    const frozen = linesOf('planned-at-0.1.0.txt')
    expect(frozen).toHaveLength(123)
    expect(listed.filter(line => !frozen.includes(line))).toEqual([])
  })
})

/** A path without the names of its placeholders, which do not tell routes apart. */
function anonymous(path: string): string {
  return path.replaceAll(/\{\w+\}/g, '{}')
}

test('where a file is answered too, it is a field of the reply; what is carried out says which', () => {
  for (const { id, alsoProduces = [], file, reply } of operations) {
    const [module = '', name = ''] = id.split('.')
    const isPlanned = (planned as Record<string, readonly string[]>)[module]?.includes(name) === true
    if (alsoProduces.length > 0 && !isPlanned) expect(file, id).toBeDefined()
    if (file === undefined) continue
    const fields = Object.keys((reply as { properties?: object }).properties ?? {}) // JSON Schema
    expect(fields, id).toEqual(expect.arrayContaining([file.content, ...(file.name === undefined ? [] : [file.name])]))
  }
})

describe('access', () => {
  test('staff operations are for staff or the sign-in, and no other operation is for staff', () => {
    expect(staffOperations.filter(({ access }) => access.kind !== 'staff' && access.kind !== 'public')).toEqual([])
    const open = staffOperations.filter(({ access }) => access.kind === 'public').map(({ id }) => id)
    expect(open).toEqual(['staff.session.logIn', 'staff.session.verify'])
    expect(customerOperations.filter(({ access }) => access.kind === 'staff')).toEqual([])
  })

  test('every right of the matrix opens some operation, and the owner has them all', () => {
    const used = new Set(staffOperations.map(({ access }) => (access.kind === 'staff' ? access.right : undefined)))
    expect(Object.keys(staffRights).filter(right => !used.has(right as StaffRight))).toEqual([]) // keys are rights
    expect(Object.values(staffRights).every(({ roles }) => (roles as readonly string[]).includes('owner'))).toBe(true)
  })
})
