import { DriverError } from '../../kit/driver-error.ts'

/** A movement on a bank account, as its statement tells it. */
export interface StatementEntry {
  /** What the bank calls it; undefined where it has no name of its own. */
  readonly bankId?: string
  /** `YYYY-MM-DD`. */
  readonly bookedOn: string
  /** Decimal with a point, negative for money that left: `-12.50`. */
  readonly amount: string
  /** ISO 4217. */
  readonly currency: string
  /** Who sent it, or was sent it. */
  readonly payer: string
  /** Everything that the payer wrote. */
  readonly text: string
  /** The bank says that it undoes an earlier one. */
  readonly returned: boolean
  /** Several payments, of which the bank does not say how much each is. */
  readonly batch: boolean
}

/** A file that is no statement, or not of the form that was configured. */
export function badStatement(what: string): DriverError {
  return new DriverError('refused', what)
}

/** Faults that are told of a statement; whoever reads more than these looks at its form. */
const mostFaults = 20

/** Reads every item, and refuses with what is wrong with each of them, a line for each. */
export function readEach<Item, Entry>(items: readonly Item[], read: (item: Item, index: number) => Entry): Entry[] {
  const faults: string[] = []
  const entries = items.flatMap((item, index) => {
    try {
      return [read(item, index)]
    } catch (error) {
      if (!(error instanceof DriverError)) throw error
      faults.push(error.message)
      return []
    }
  })
  if (faults.length === 0) return entries
  const rest = faults.length > mostFaults ? [`and ${faults.length - mostFaults} more`] : []
  throw badStatement([...faults.slice(0, mostFaults), ...rest].join('\n'))
}

/** What a statement may say of its days. */
export interface StatementLimits {
  /** `YYYY-MM-DD`; nothing is booked later. Any day unless told. */
  readonly latest?: string
}

/** Refuses a day that has not come. */
export function mustHaveCome(day: string, where: string, { latest = day }: StatementLimits): string {
  if (day > latest) throw badStatement(`${where}: ${day} is in the future`)
  return day
}

/** The day, if it exists. */
export function dayOfParts(year: string, month: string, day: string): string | undefined {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const moment = new Date(`${text}T00:00:00Z`)
  return Number.isNaN(moment.getTime()) || moment.toISOString().slice(0, 10) !== text ? undefined : text
}
