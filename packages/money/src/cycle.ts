/** How often something is paid, as the wire writes it; `y1` … `y10` are the years of a domain. */
export const cycles = [
  'h',
  'd',
  'w',
  'm',
  'q',
  's',
  'a',
  'b',
  't',
  'p4',
  'p5',
  'Once',
  'Free',
  'y1',
  'y2',
  'y3',
  'y4',
  'y5',
  'y6',
  'y7',
  'y8',
  'y9',
  'y10',
] as const
/** One of {@link cycles}. */
export type Cycle = (typeof cycles)[number]

/** What a cycle is called in lists of services. */
export const cycleNames = {
  h: 'Hourly',
  d: 'Daily',
  w: 'Weekly',
  m: 'Monthly',
  q: 'Quarterly',
  s: 'Semi-Annually',
  a: 'Annually',
  b: 'Biennially',
  t: 'Triennially',
  p4: 'Quadrennially',
  p5: 'Quinquennially',
  Once: 'Once',
  Free: 'Free',
} as const

/** Whether another period follows the first. */
export function recurs(cycle: Cycle): boolean {
  return cycle !== 'Once' && cycle !== 'Free'
}
