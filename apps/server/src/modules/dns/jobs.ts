import { Type } from 'typebox'
import { job, type Schedule } from '../../jobs/index.ts'
import { purgeDeletedZones } from './publish-store.ts'

/** So long a name server may be away and still hear of a deleted zone (docs/decisions/0002). */
const keepDeletedMilliseconds = 30 * 86_400_000

const sweepZones = job({
  name: 'sweep.zones',
  payload: Type.Object({}),
  maxAttempts: 3,
  run: app => purgeDeletedZones(app.db, new Date(app.clock.now().getTime() - keepDeletedMilliseconds)),
})

/** What the dns module does by the clock. */
export const dnsSchedules: readonly Schedule[] = [{ cron: '27 3 * * *', job: sweepZones }]
