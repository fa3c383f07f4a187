import { type Dialect, Id, Info } from '@innkeeper/contract'
import { type TSchema, Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { testOperation } from '../../test/operations.ts'
import { answerWriter } from './answer.ts'

const Zone = Type.Object({ id: Id, name: Type.String(), note: Type.Optional(Type.String()) })

function written(reply: TSchema, answer: object, dialect: Dialect = 'documented', method: 'GET' | 'POST' = 'POST') {
  const write = answerWriter(testOperation({ method, reply }), { dialect, checkReplies: false })
  return write(answer as Record<string, unknown>) // tests hand over what no handler could
}

test('the payload comes first, then success, then info, in the order of the schema', () => {
  const reply = Type.Object({ info: Info, note: Type.Optional(Type.String()), zone: Zone })
  expect(written(reply, { zone: { name: 'a', id: '1' }, info: ['x'], note: 'n' })).toBe(
    '{"note":"n","zone":{"id":"1","name":"a"},"success":true,"info":["x"]}',
  )
})

test('a reply that shows success keeps it in place, also on GET', () => {
  const reply = Type.Object({ success: Type.Literal(true), nameservers: Type.Array(Type.String()) })
  expect(written(reply, { nameservers: ['a'] }, 'documented', 'GET')).toBe('{"success":true,"nameservers":["a"]}')
})

test('a GET without success in its schema gets none', () => {
  expect(written(Type.Object({ zone: Zone }), { zone: { id: '1', name: 'a' } }, 'documented', 'GET')).toBe(
    '{"zone":{"id":"1","name":"a"}}',
  )
})

describe('a field that no schema names never leaks', () => {
  const secret = { id: '1', name: 'a', password_hash: 'h' }
  const leaks: [string, TSchema, object][] = [
    ['at the top', Type.Object({}), secret],
    ['in an object', Type.Object({ zone: Zone }), { zone: secret }],
    ['in a list', Type.Object({ zones: Type.Array(Zone) }), { zones: [secret] }],
    ['in a map', Type.Object({ zones: Type.Record(Type.String(), Zone) }), { zones: { a: secret } }],
    ['in a union', Type.Object({ zone: Type.Union([Type.Array(Type.String()), Zone]) }), { zone: secret }],
    ['in a union at the top', Type.Union([Type.Object({ other: Id }), Zone]), secret],
    ['in an intersection', Type.Object({ zone: Type.Intersect([Zone, Type.Object({ id: Id })]) }), { zone: secret }],
  ]
  test.each(leaks)('%s', (_where, reply, answer) => {
    expect(written(reply, answer)).not.toContain('password_hash')
  })
  test('where a scalar is due, an object is refused', () => {
    expect(() => written(Type.Object({ zone: Type.String() }), { zone: secret })).toThrow(TypeError)
  })
})

test('what has no type in the schema passes as it is', () => {
  expect(written(Type.Object({ scopes: Type.Unknown() }), { scopes: { a: [1, { b: null }] } })).toBe(
    '{"scopes":{"a":[1,{"b":null}]},"success":true}',
  )
})

describe('the dialects', () => {
  const reply = Type.Object({
    order: Type.Optional(Type.String()),
    items: Type.Optional(Type.Union([Zone, Type.Array(Zone)])),
    info: Info,
  })
  const messages = { info: [['dnsnewrecordadded', 'SRV'], 'done'] }
  test('info with arguments is flat in one and nested in the other', () => {
    expect(JSON.parse(written(reply, messages)).info).toEqual(['dnsnewrecordadded', 'SRV', 'done'])
    expect(JSON.parse(written(reply, messages, 'recorded')).info).toEqual([['dnsnewrecordadded', 'SRV'], 'done'])
  })
  test('one item of an order stands alone in one and in a list in the other', () => {
    const order = { ...messages, items: [{ id: '1', name: 'a' }] }
    expect(JSON.parse(written(reply, order)).items).toEqual({ id: '1', name: 'a' })
    expect(JSON.parse(written(reply, order, 'recorded')).items).toEqual([{ id: '1', name: 'a' }])
    const two = { ...messages, items: [...order.items, { id: '2', name: 'b' }] }
    expect(JSON.parse(written(reply, two)).items).toHaveLength(2)
  })
  test('recorded escapes slashes and everything that is not ASCII, and means the same', () => {
    const text = { order: 'a/b "Zoë" 😀 \\/', info: [] }
    const plain = written(reply, text)
    const escaped = written(reply, text, 'recorded')
    expect(plain).toContain('a/b')
    expect(escaped).toContain('a\\/b \\"Zo\\u00eb\\" \\ud83d\\ude00')
    expect(JSON.parse(escaped)).toEqual(JSON.parse(plain))
  })
  test('recorded uses the reply schema of its own', () => {
    const operation = testOperation({
      method: 'GET',
      reply: Type.Object({ service_id: Type.Integer() }),
      recorded: Type.Object({ service_id: Id }),
    })
    const write = answerWriter(operation, { dialect: 'recorded', checkReplies: true })
    expect(write({ service_id: '7' })).toBe('{"service_id":"7"}')
    expect(() => write({ service_id: 7 })).toThrow('does not fit its reply schema')
  })
})
