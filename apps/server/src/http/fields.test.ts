import { InText } from '@innkeeper/contract'
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { testOperation } from '../../test/operations.ts'
import { parseFields } from './fields.ts'
import { inputReader } from './input.ts'

test.each(['[', '%5B'])('more levels than any form has are not read (%s)', open => {
  const levels = (fields: number) =>
    Array.from({ length: fields }, (_field, at) => `k${at}${`${open}999]`.repeat(7)}=x`).join('&')
  expect(Object.keys(parseFields(levels(400)))).toHaveLength(400)
  expect(() => parseFields(levels(500))).toThrow('too many brackets')
})

test('a long list is a list, in its order, with and without numbers', () => {
  const input = { names: Type.Array(InText()) }
  const read = inputReader(testOperation({ method: 'POST', path: '/long', input }))
  const names = Array.from({ length: 100 }, (_name, at) => `n${at}`)
  const sources = (text: string) => ({ params: {}, body: parseFields(text), query: {} })
  expect(read(sources(names.map((name, at) => `names[${at}]=${name}`).join('&')))).toEqual({ names })
  expect(read(sources(names.map(name => `names[]=${name}`).join('&')))).toEqual({ names })
})
