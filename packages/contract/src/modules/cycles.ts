import { OneOf } from '../wire.ts'

/** How often something is paid, as forms and orders write it. `p4` and `p5` are four and five years. */
const codes = ['h', 'd', 'w', 'm', 'q', 's', 'a', 'b', 't', 'p4', 'p5', 'Once', 'Free'] as const
const meaning =
  'h hourly (all hours that are left of a day are billed at once), d daily, w weekly, m monthly, q quarterly, s every six months, a, b, t, p4, p5 every one to five years'
export const CycleCode = OneOf(codes, meaning)

/** What an order holds where it names no cycle. */
export const cycleOtherwise =
  'without one the cycle that the product shows as selected: the shortest, but never the hour where there is another'

/** A cycle as an order names it. */
export const InCycle = OneOf(codes, `${meaning}; ${cycleOtherwise}`)

/** The same as lists of services write it. */
export const CycleName = OneOf([
  'Hourly',
  'Daily',
  'Weekly',
  'Monthly',
  'Quarterly',
  'Semi-Annually',
  'Annually',
  'Biennially',
  'Triennially',
  'Quadrennially',
  'Quinquennially',
  'Once',
  'Free',
])
