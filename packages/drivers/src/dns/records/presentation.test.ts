import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quote, tokenize } from './presentation.ts'

test('any bytes survive being quoted and read again', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 255 }), bytes => {
      const tokens = tokenize(quote(bytes))
      expect(tokens).toHaveLength(1)
      expect([...(tokens?.[0]?.bytes ?? [])]).toEqual([...bytes])
    }),
  )
})

test.each([
  ['10 mail.example.com.', ['10', 'mail.example.com.']],
  ['"a b" "c"', ['a b', 'c']],
  ['""', ['']],
  ['', []],
  ['"say \\"hi\\""', ['say "hi"']],
  ['\\065', ['A']],
])('%s reads as %j', (data, texts) => {
  expect(tokenize(data)?.map(token => token.bytes.toString())).toEqual(texts)
})

test.each(['"open', '\\', '"a"b', 'a"b"', '\\256', '\\12x', '"tail\\'])('%s is refused', data => {
  expect(tokenize(data)).toBeUndefined()
})
