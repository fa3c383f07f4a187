import { type Day, dayOf, momentOfDay, shiftDay } from '@innkeeper/money'
import type { Config } from '../../config.ts'
import type { App } from '../../context.ts'

/** A letter about an invoice that its due day brings about. */
export interface Stage {
  /** As the table keeps it: `before:3`, `due`, `after:1`. */
  readonly name: string
  /** Days after the due day; negative: before it. */
  readonly days: number
}

/** The reminders of the configuration, first first. */
export function reminderStages({ billing }: Pick<Config, 'billing'>): Stage[] {
  const days = [...new Set(billing.reminderDays)].sort((a, b) => a - b)
  return days.map(each => ({ days: each, name: nameOf(each) }))
}

function nameOf(days: number): string {
  if (days === 0) return 'due'
  return days < 0 ? `before:${-days}` : `after:${days}`
}

/** What an invoice has to have behind it before a step that comes so many days after its due day. */
export interface Patience {
  /** The latest due day of what has been due for that many days. */
  readonly dueBy: Day
  /** The steps that come before, first first. */
  readonly earlier: readonly EarlierStep[]
}
interface EarlierStep extends Stage {
  /** Unpaid invoices have it in any case; what is stopped and ended only those have that bill services. */
  readonly isReminder: boolean
  /** It has to have happened before that: as many days ago as lie between the two. */
  readonly before: Date
}

/**
 * A step follows from the one before it, not from the calendar: whoever was told late, because nothing ran or the account
 * was parked, has as many days to pay as everybody.
 */
export function patienceOf({ business, config }: Pick<App, 'business' | 'config'>, days: number): Patience {
  const { suspendAfterDays, terminateAfterDays } = config.billing
  const today = dayOf(business.now(), config.timeZone)
  const steps = [
    ...reminderStages(config).map(stage => ({ ...stage, isReminder: true })),
    { name: 'suspended', days: suspendAfterDays, isReminder: false },
    { name: 'terminated', days: terminateAfterDays, isReminder: false },
  ]
  return {
    dueBy: shiftDay(today, -days),
    earlier: steps
      .filter(step => step.days < days)
      .sort((a, b) => a.days - b.days)
      .map(step => ({ ...step, before: momentOfDay(shiftDay(today, step.days - days + 1), config.timeZone) })),
  }
}

/** Ends of services wait until those were stopped before this moment. */
export function stoppedBefore({ business, config }: Pick<App, 'business' | 'config'>): Date {
  const { suspendAfterDays, terminateAfterDays } = config.billing
  const today = dayOf(business.now(), config.timeZone)
  return momentOfDay(shiftDay(today, suspendAfterDays - terminateAfterDays + 1), config.timeZone)
}
