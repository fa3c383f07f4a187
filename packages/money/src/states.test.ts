import { expect, test } from 'vitest'
import { stateCode, stateNames } from './states.ts'

test('every state is known by its code and by all its names, and no name by two codes', () => {
  for (const [country, states] of Object.entries(stateNames))
    for (const [code, names] of Object.entries(states))
      for (const name of [code, `${country}-${code}`, ...names]) expect(stateCode(country, name), name).toBe(code)
  expect(Object.values(stateNames).map(states => Object.keys(states).length)).toEqual([13, 56])
})

test.each([
  ['CA', 'québec', 'QC'],
  ['CA', ' QUEBEC ', 'QC'],
  ['CA', 'Que\u0301bec', 'QC'],
  ['CA', 'qc', 'QC'],
  ['CA', 'ca-qc', 'QC'],
  ['CA', 'B.C.', 'BC'],
  ['CA', 'Ile du Prince Edouard', 'PE'],
  ['US', 'Washington, D.C.', 'DC'],
  ['US', 'new  york', 'NY'],
])('in %s, "%s" is %s', (country, state, code) => {
  expect(stateCode(country, state)).toBe(code)
})

test('what is no state of that country stays as it is written', () => {
  expect(stateCode('US', 'Quebec')).toBe('Quebec')
  expect(stateCode('PT', ' Azores ')).toBe('Azores')
  expect(stateCode('CA', '')).toBe('')
  expect(stateCode('JP', '東京都')).toBe('東京都')
})
