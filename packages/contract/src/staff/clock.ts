import { Type } from 'typebox'
import { op, staffWith } from '../op.ts'
import { Info, InInteger } from '../wire.ts'
import { InMoment, Moment } from './wire.ts'

/** The clock of money, in test mode. */
export const clock = {
  getClock: op({
    id: 'staff.clock.getClock',
    method: 'GET',
    path: '/clock',
    summary: 'What time it is for money',
    description: 'Invoices, due days and renewals go by it. Outside of test mode it is the wall clock.',
    reply: Type.Object({ now: Moment, test_mode: Type.Boolean() }),
    access: staffWith('read'),
    examples: [{ reply: { now: '2026-11-22T09:24:28Z', test_mode: true } }],
  }),
  moveClock: op({
    id: 'staff.clock.moveClock',
    method: 'POST',
    path: '/clock',
    summary: 'Move the clock of money forward',
    description:
      'To a moment, or by months, days and seconds; 400 days at most in one call. Each day on the way has its renewals, reminders and suspensions before this answers. Only in test mode, else `invalid method`.',
    input: {
      to: Type.Optional(InMoment('A later moment')),
      months: Type.Optional(InInteger(0, 13)),
      days: Type.Optional(InInteger(0, 400)),
      seconds: Type.Optional(InInteger(0, 34_560_000)),
    },
    reply: Type.Object({ now: Moment, info: Info }),
    access: staffWith('clock'),
    replayable: false,
    examples: [{ request: { seconds: 1 }, reply: { now: '2026-11-22T09:24:29Z', info: ['clock_moved'] } }],
  }),
}
