import type { Day } from '@innkeeper/money'

/** A number that a series gave, with what it was made of. */
export interface DocumentNumber {
  readonly text: string
  readonly period: string
  readonly n: bigint
}

/** What the series of a format counts in on a day: its month, its year, or for ever. */
export function seriesPeriod(format: string, day: Day): string {
  if (format.includes('{month}')) return day.slice(0, 7)
  return format.includes('{year}') ? day.slice(0, 4) : ''
}

/** `{year}/{n:5}` of the 17th in 2026 is `2026/00017`. */
export function formatNumber(format: string, day: Day, n: bigint): string {
  return format
    .replaceAll('{year}', day.slice(0, 4))
    .replaceAll('{month}', day.slice(5, 7))
    .replaceAll(/\{n(?::(\d{1,2}))?\}/g, (_whole, width: string | undefined) =>
      String(n).padStart(Number(width ?? 0), '0'),
    )
}
