import { expect, test } from 'vitest'
import { fileOf, wantedType } from './media-type.ts'

const pdf = 'application/pdf'

test.each([
  [undefined, undefined, 'who says nothing gets JSON'],
  ['*/*', undefined, 'nor who takes anything gets a file'],
  ['application/json', undefined, 'JSON'],
  ['application/pdf', pdf, 'who names the type gets the file'],
  ['Application/PDF; q=1.0', pdf, 'in any case of letters'],
  ['application/pdf, */*', pdf, 'a type that is named goes before one that is covered'],
  ['application/pdf;q=0.9, application/json', undefined, 'the quality counts'],
  ['application/pdf, application/json;q=0.9', pdf, 'the quality counts'],
  ['application/pdf, application/json', undefined, 'JSON where both are wanted alike'],
  ['application/pdf;q=0', undefined, 'what is refused is not sent'],
  ['application/*', undefined, 'a range covers JSON too'],
  ['image/png', undefined, 'what is not offered'],
  ['application/pdf;q=2, nonsense', undefined, 'nonsense'],
  ['', undefined, 'an empty header'],
])('Accept: %s is answered with %s: %s', (accept, expected, _why) => {
  expect(wantedType(accept, [pdf])).toBe(expected)
})

test('of several types the one that is wanted most', () => {
  expect(wantedType('image/png;q=0.5, image/svg+xml', ['image/png', 'image/svg+xml'])).toBe('image/svg+xml')
  expect(wantedType('image/*', ['image/png', 'image/svg+xml'])).toBe('image/png')
})

test('the file is the field of the answer, byte for byte, under a name that a header can hold', () => {
  const body = JSON.stringify({ filename: 'a"\r\n/b.pdf', pdf: Buffer.from([0, 255, 10]).toString('base64') })
  const file = { content: 'pdf', encoding: 'base64', name: 'filename' } as const
  expect(fileOf(body, file)).toEqual({ content: Buffer.from([0, 255, 10]), name: 'a-b.pdf' })
  expect(fileOf('{"crt":"žluť"}', { content: 'crt', encoding: 'text' })).toEqual({
    content: Buffer.from('žluť'),
    name: '',
  })
  expect(fileOf('{"points":[]}', { content: 'graph', encoding: 'base64' })).toBeUndefined()
})
