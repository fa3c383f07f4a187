import { nextSerial, serialGreater } from '@innkeeper/drivers'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mailboxName } from './soa.ts'
import { firstSerial, wantedVersions } from './zone.ts'

test.each([
  [undefined, undefined],
  ['*', undefined],
  ['"12"', ['12']],
  ['12', ['12']],
  ['"12", "13"', ['12', '13']],
  ['W/"12"', []],
  ['"abc"', []],
  ['', []],
])('If-Match %j wants the versions %j', (header, versions) => {
  expect(wantedVersions(header)).toEqual(versions)
})

describe('the first serial', () => {
  const noon = new Date('2026-11-22T12:00:00Z')

  test('is the date and 00', () => {
    expect(firstSerial(noon, undefined)).toBe(2026112200)
    expect(firstSerial(noon, 2020010107)).toBe(2026112200)
  })

  test('is above the last one of a zone that was here before', () => {
    const last = fc.integer({ min: 2026112200, max: 4_294_967_294 })
    fc.assert(fc.property(last, serial => firstSerial(noon, serial) === nextSerial(serial)))
    const older = fc.integer({ min: 1, max: 2026112199 })
    fc.assert(fc.property(older, serial => serialGreater(firstSerial(noon, serial), serial)))
  })
})

test.each([
  ['hostmaster@example.net', 'hostmaster.example.net'],
  ['dns.admin@example.net', 'dns\\.admin.example.net'],
])('the mailbox %s is written %s', (email, name) => {
  expect(mailboxName(email)).toBe(name)
})
