import { expect, test } from 'vitest'
import { wireDateTime } from './wire-time.ts'

test.each([
  ['2026-01-05T09:08:07Z', 'UTC', '2026-01-05 09:08:07'],
  ['2026-07-01T22:30:00Z', 'Europe/Tallinn', '2026-07-02 01:30:00'],
  ['2026-03-08T05:00:00Z', 'America/New_York', '2026-03-08 00:00:00'],
])('%s in %s is %s', (moment, zone, text) => {
  expect(wireDateTime(new Date(moment), zone)).toBe(text)
})

test('an unset moment is all zeros', () => {
  expect(wireDateTime(null, 'UTC')).toBe('0000-00-00 00:00:00')
})
