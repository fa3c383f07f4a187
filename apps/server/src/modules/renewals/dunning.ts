import type { Config } from '../../config.ts'

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
