import type { InputOf, StaffContract } from '@innkeeper/contract'
import type { StaffModuleHandlers } from '../../http/implement.ts'
import { badField, Refusal } from '../../refusal.ts'
import { type ClockMove, moveClock, runSweeps } from '../renewals/index.ts'
import { readMoment } from './wire.ts'

export const clockHandlers: StaffModuleHandlers<'clock'> = {
  async getClock({ business, config }) {
    return { now: business.now().toISOString(), test_mode: config.testMode }
  },
  async moveClock(ctx, input) {
    if (!ctx.config.testMode) throw new Refusal('invalid method')
    const now = await moveClock(ctx, readMove(input), runSweeps)
    return { now: now.toISOString(), info: ['clock_moved'] }
  },
}

function readMove(input: InputOf<StaffContract['clock']['moveClock']>): ClockMove {
  const to = readMoment('to', input.to)
  if (to !== undefined) return { to, field: 'to' }
  const { months, days, seconds } = input
  const field = (['months', 'days', 'seconds'] as const).find(name => input[name] !== undefined)
  if (field === undefined) throw badField('to', 'field_empty_error')
  return { months: months ?? 0, days: days ?? 0, seconds: seconds ?? 0, field }
}
