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

/** What a statement may say. */
export interface StatementLimits {
  /** `YYYY-MM-DD`; nothing is booked later. Any day unless told. */
  readonly latest?: string
  /** Whether an amount, such as `-12.50`, can be counted in a currency. Any unless told. */
  readonly countable?: (amount: string, currency: string) => boolean
}

/** Refuses what could not be kept: found out only later, it would part a statement whose first entries are booked. */
export function mustBeKeepable(
  entry: StatementEntry,
  where: string,
  { latest = entry.bookedOn, countable = () => true }: StatementLimits,
): StatementEntry {
  const { bookedOn, amount, currency, payer, text } = entry
  if (bookedOn > latest) throw badStatement(`${where}: ${bookedOn} is in the future`)
  if (!countable(amount, currency)) throw badStatement(`${where}: ${amount} is no amount of ${currency}`)
  if (notStorable.test(payer + text)) throw badStatement(`${where} holds a character that cannot be stored`)
  return entry
}

/** PostgreSQL takes neither U+0000 nor half a surrogate pair in a text. */
const notStorable = /\0|\p{Surrogate}/u

/** The day, if it exists; there is no year 0 outside JavaScript. */
export function dayOfParts(year: string, month: string, day: string): string | undefined {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const moment = new Date(`${text}T00:00:00Z`)
  if (year === '0000' || Number.isNaN(moment.getTime())) return undefined
  return moment.toISOString().slice(0, 10) === text ? text : undefined
}
