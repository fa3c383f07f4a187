import { Type } from 'typebox'
import { job, type Schedule } from '../../jobs/index.ts'
import { deleteOldNetworks, networksKnownSince } from './staff-networks-store.ts'
import { deleteExpiredStaffSessions } from './staff-sessions-store.ts'

const sweepStaffSessions = job({
  name: 'sweep.staff-sessions',
  payload: Type.Object({}),
  maxAttempts: 3,
  async run({ db, clock }) {
    await deleteExpiredStaffSessions(db, clock.now())
    await deleteOldNetworks(db, networksKnownSince(clock.now()))
  },
})

/** What signing in to the staff API leaves behind, removed by the clock. */
export const staffSchedules: readonly Schedule[] = [{ cron: '23 * * * *', job: sweepStaffSessions }]
