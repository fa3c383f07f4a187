import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readDateTime, wireDateTime } from './wire-time.ts'

test('an unset moment is all zeros', () => {
  expect(wireDateTime(null, 'UTC')).toBe('0000-00-00 00:00:00')
})

test.each([
  ['2026-01-15 12:00:00', 'Europe/Tallinn', '2026-01-15T10:00:00Z'],
  ['2026-07-15 12:00:00', 'Europe/Tallinn', '2026-07-15T09:00:00Z'],
  ['2026-07-15', 'America/New_York', '2026-07-15T04:00:00Z'],
  ['2026-07-15T12:00', 'UTC', '2026-07-15T12:00:00Z'],
  ['2026-07-15T12:00:00Z', 'Asia/Tokyo', '2026-07-15T12:00:00Z'],
  ['2026-07-15T12:00:00.123+05:30', 'UTC', '2026-07-15T06:30:00Z'],
  ['2026-07-15T12:00:00-0330', 'UTC', '2026-07-15T15:30:00Z'],
  ['2026-07-15T12:00:00+14:00', 'UTC', '2026-07-14T22:00:00Z'],
])('%s in %s is %s', (text, zone, expected) => {
  expect(readDateTime(text, zone)).toEqual(new Date(expected))
})

test.each([
  '',
  'tomorrow',
  '2026-13-01',
  '2026-02-31',
  '2026-01-01 24:61:00',
  '1767225600',
  '2026-01-01 12',
  '2026-01-01Z',
  '2026-01-01T00:00:00+25:00',
  '2026-01-01T00:00:00-14:01',
  '2026-01-01T00:00:00+05:60',
])('"%s" is no moment', text => {
  expect(readDateTime(text, 'UTC')).toBeUndefined()
})

test('what is written is read back, in every time zone, except in the hour clocks show twice', () => {
  const moment = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
  const zone = fc.constantFrom('UTC', 'Europe/Tallinn', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe')
  fc.assert(
    fc.property(moment, zone, (at, timeZone) => {
      const text = wireDateTime(at, timeZone)
      const read = readDateTime(text, timeZone)
      expect(read && wireDateTime(read, timeZone)).toBe(text)
    }),
  )
})
