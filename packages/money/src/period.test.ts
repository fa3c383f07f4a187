import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cycles, recurs } from './cycle.ts'
import { addDays, dayOf, daysBetween, momentOfDay, startOfDay } from './days.ts'
import {
  addPeriod,
  anchorDayOf,
  billedFrom,
  firstPeriod,
  hoursBetween,
  monthsOf,
  remainingHours,
  remainingPart,
  startOfHour,
  unusedMinor,
} from './period.ts'

const zones = [
  'UTC',
  'Europe/Tallinn',
  'America/New_York',
  'Asia/Tokyo',
  'Africa/Cairo',
  'America/Santiago',
  'Asia/Kolkata',
]
const zone = fc.constantFrom(...zones)
const moment = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
const at = (day: string, timeZone = 'UTC') => momentOfDay(day, timeZone)
const daysOf = (start: string, cycle: (typeof cycles)[number], anchor: number, times: number) => {
  const all = [at(start)]
  for (let time = 0; time < times; time++) all.push(addPeriod(all.at(-1) ?? at(start), cycle, anchor, 'UTC'))
  return all.map(each => dayOf(each, 'UTC'))
}

test('months are counted from the anchor day, never from a day that was cut off', () => {
  expect(daysOf('2026-01-31', 'm', 31, 4)).toEqual([
    '2026-01-31',
    '2026-02-28',
    '2026-03-31',
    '2026-04-30',
    '2026-05-31',
  ])
  expect(daysOf('2024-02-29', 'a', 29, 4)).toEqual([
    '2024-02-29',
    '2025-02-28',
    '2026-02-28',
    '2027-02-28',
    '2028-02-29',
  ])
  expect(daysOf('2026-08-31', 's', 31, 2)).toEqual(['2026-08-31', '2027-02-28', '2027-08-31'])
  expect(daysOf('2026-12-29', 'w', 29, 1)).toEqual(['2026-12-29', '2027-01-05'])
})

test('periods chained one by one end where the same number of them at once does', () => {
  fc.assert(
    fc.property(
      moment,
      zone,
      fc.constantFrom(...cycles.filter(recurs)),
      fc.integer({ min: 1, max: 30 }),
      (start, timeZone, cycle, count) => {
        const first = cycle === 'h' ? start : startOfDay(start, timeZone)
        const anchor = anchorDayOf(first, timeZone)
        let chained = first
        for (let time = 0; time < count; time++) {
          const next = addPeriod(chained, cycle, anchor, timeZone)
          expect(next > chained).toBe(true)
          chained = next
        }
        expect(chained).toEqual(addPeriod(first, cycle, anchor, timeZone, count))
        if (cycle !== 'h') expect(startOfDay(chained, timeZone)).toEqual(chained)
      },
    ),
  )
})

test('a day begins where its date does, in every time zone and through changes of clocks', () => {
  fc.assert(
    fc.property(moment, zone, fc.integer({ min: -800, max: 800 }), (some, timeZone, days) => {
      const start = startOfDay(some, timeZone)
      expect(start <= some).toBe(true)
      expect(dayOf(start, timeZone)).toBe(dayOf(some, timeZone))
      expect(dayOf(new Date(start.getTime() - 1), timeZone) < dayOf(some, timeZone)).toBe(true)
      const later = addDays(some, days, timeZone)
      expect(daysBetween(some, later, timeZone)).toBe(days)
    }),
    { numRuns: 500 },
  )
})

test('where clocks go forward at midnight the day begins at one', () => {
  expect(momentOfDay('2026-04-24', 'Africa/Cairo')).toEqual(new Date('2026-04-23T22:00:00Z'))
})

test('a first period to a day of the month is the part of a whole one that its days are', () => {
  const first = firstPeriod(at('2026-01-20'), 'm', 1, 'UTC')
  expect(dayOf(first.endsAt, 'UTC')).toBe('2026-02-01')
  expect(first.part).toEqual({ numerator: 12, denominator: 31 })
  expect(dayOf(firstPeriod(at('2026-01-01'), 'm', 1, 'UTC').endsAt, 'UTC')).toBe('2026-02-01')
  expect(firstPeriod(at('2026-01-01'), 'm', 1, 'UTC').part).toEqual({ numerator: 31, denominator: 31 })
})

test('what is left of a period shrinks from the whole to nothing and is never more than was paid', () => {
  const period = { startsAt: at('2026-03-01'), endsAt: at('2026-04-01') }
  expect(remainingPart(period, at('2026-03-01'), 'UTC')).toEqual({ numerator: 31, denominator: 31 })
  expect(remainingPart(period, new Date('2026-03-31T23:59:59Z'), 'UTC')).toEqual({ numerator: 1, denominator: 31 })
  expect(remainingPart(period, at('2026-04-01'), 'UTC').numerator).toBe(0)
  expect(remainingPart(period, at('2026-02-01'), 'UTC').numerator).toBe(31)
  const hour = { startsAt: at('2026-03-01'), endsAt: new Date('2026-03-01T01:00:00Z') }
  expect(unusedMinor(100n, remainingPart(hour, at('2026-03-01'), 'UTC'))).toBe(0n)
  expect(unusedMinor(1000n, { numerator: 20, denominator: 31 })).toBe(645n)
})

test('hours are billed at once to the end of their day, without gap or overlap, as many as the clock has', () => {
  fc.assert(
    fc.property(moment, fc.constantFrom(...zones, 'Australia/Lord_Howe', 'Asia/Kathmandu'), (some, timeZone) => {
      const bought = startOfHour(some, timeZone)
      expect(bought <= some).toBe(true)
      expect(some.getTime() - bought.getTime()).toBeLessThan(3_600_000)
      expect(dayOf(bought, timeZone)).toBe(dayOf(some, timeZone))
      const first = billedFrom(bought, 'h', 1, timeZone)
      const second = billedFrom(first.endsAt, 'h', 1, timeZone)
      expect(second.startsAt).toEqual(first.endsAt)
      for (const { startsAt, endsAt, hours } of [first, second]) {
        expect(endsAt).toEqual(addDays(startsAt, 1, timeZone))
        const { numerator = 0, denominator = 1 } = hours ?? {}
        expect((numerator / denominator) * 3_600_000).toBe(endsAt.getTime() - startsAt.getTime())
      }
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['2026-03-29', 'Europe/Tallinn', 23, 1],
  ['2026-10-25', 'Europe/Tallinn', 25, 1],
  ['2026-04-05', 'Australia/Lord_Howe', 49, 2],
  ['2026-06-01', 'Asia/Kathmandu', 24, 1],
])('the %s in %s has %i/%i hours', (day, timeZone, numerator, denominator) => {
  expect(billedFrom(at(day, timeZone), 'h', 1, timeZone).hours).toEqual({ numerator, denominator })
})

test('what is left of hours that are billed at once shrinks by the hour', () => {
  const day = { startsAt: at('2026-03-01'), endsAt: at('2026-03-02') }
  const left = (time: string) => remainingHours(day, new Date(`2026-03-01T${time}Z`), 'UTC')
  expect(unusedMinor(48n, left('00:59:59'))).toBe(48n)
  expect(unusedMinor(48n, left('10:20:00'))).toBe(28n)
  expect(unusedMinor(48n, left('23:00:00'))).toBe(2n)
  expect(unusedMinor(48n, remainingHours(day, at('2026-03-02'), 'UTC'))).toBe(0n)
  expect(hoursBetween(day.startsAt, new Date('2026-03-01T00:30:00Z'))).toEqual({ numerator: 1, denominator: 2 })
})

test('only cycles of months have months', () => {
  expect(cycles.filter(cycle => monthsOf(cycle) === undefined)).toEqual(['h', 'd', 'w', 'Once', 'Free'])
  expect(monthsOf('y10')).toBe(120)
})
