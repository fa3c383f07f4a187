import type { Contract, InputOf } from '@innkeeper/contract'
import type { Context } from '../../context.ts'
import type { ModuleHandlers } from '../../http/implement.ts'
import { badField, Refusal } from '../../refusal.ts'
import { readDateTime, wireDateTime } from '../../wire-time.ts'
import { type ClockMove, moveClock } from './move-clock.ts'
import { runSweeps } from './sweeps.ts'

/** The clock of money, for tests of what this program bills. */
export const clockExtensions: Pick<ModuleHandlers<'extensions'>, 'getClock' | 'moveClock'> = {
  async getClock(ctx) {
    if (!ctx.config.testMode) throw new Refusal('invalid method')
    return { now: wireDateTime(ctx.business.now(), ctx.config.timeZone) }
  },
  async moveClock(ctx, input) {
    if (!ctx.config.testMode) throw new Refusal('invalid method')
    return { now: wireDateTime(await moveClock(ctx, readMove(ctx, input), runSweeps), ctx.config.timeZone) }
  },
}

function readMove(ctx: Context, { set, advance }: InputOf<Contract['extensions']['moveClock']>): ClockMove {
  if (set !== undefined && set !== '') {
    const to = readDateTime(set, ctx.config.timeZone)
    if (to === undefined) throw badField('set', 'field_format_error')
    return { to, field: 'set' }
  }
  if (advance === undefined) throw badField('advance', 'field_empty_error')
  return { months: advance.months ?? 0, days: advance.days ?? 0, seconds: advance.seconds ?? 0, field: 'advance' }
}
