import { expect, test } from 'vitest'
import { mayCollide } from './number-format.ts'

test.each([
  ['{year}/{n}', '{year}/{n}', true],
  ['{year}/{month}/{n}', 'C{year}/{n}', false],
  ['P{year}/{n}', 'C{year}/{n}', false],
  ['{year}-{n}', '{n}-{year}', true],
  ['{year}/{month}/{n}', '{year}/{n}/{month}', true],
  ['{n}', '{n:5}', true],
  ['{year}{n}', '{n}', true],
  ['{year}{month}{n:4}', '{year}{n:6}', true],
  ['1{n:4}', '2{n:4}', false],
  ['A{n}', 'AA{n}', false],
  ['{n}A', '{n}B', false],
])('%s and %s may make the same number: %s', (one, other, expected) => {
  expect([mayCollide(one, other), mayCollide(other, one)]).toEqual([expected, expected])
})
