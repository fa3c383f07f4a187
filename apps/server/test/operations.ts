import { type AnyOperation, everyone, type Method, op } from '@innkeeper/contract'
import { type TProperties, type TSchema, Type } from 'typebox'

interface Sketch {
  readonly method?: Method
  readonly path?: string
  readonly input?: TProperties
  readonly reply?: TSchema
  readonly recorded?: TSchema
  readonly alsoMethods?: readonly Method[]
  readonly documents?: string
  readonly access?: AnyOperation['access']
  readonly asksOutside?: true
}

/** An operation made up for a test of what all operations have in common. */
export function testOperation(sketch: Sketch): AnyOperation {
  const { method = 'POST', path = '/try', input = {}, reply = Type.Object({}), access = everyone, ...rest } = sketch
  const made = op({
    id: `test.${path.replaceAll('/', '.')}`,
    method,
    path,
    summary: 'Try',
    input,
    reply,
    access,
    examples: [{ reply: {} }],
    ...rest,
  })
  return made as unknown as AnyOperation // its input and reply are narrower
}
