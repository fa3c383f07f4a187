import { Type } from 'typebox'
import type { App } from '../context.ts'
import { purgeExpired } from '../modules/sessions/index.ts'
import { job } from './jobs.ts'
import { type Schedule, schedule } from './schedule.ts'
import { deleteIdempotentAnswers, deleteZoneTombstones } from './store.ts'

const day = 86_400_000
const nothing = Type.Object({})

const before = (app: App, milliseconds: number) => new Date(app.clock.now().getTime() - milliseconds)

const sweepAnswers = job({
  name: 'sweep.idempotent-answers',
  payload: nothing,
  maxAttempts: 3,
  run: async app => void (await deleteIdempotentAnswers(app.db, before(app, day))),
})

const sweepSessions = job({ name: 'sweep.sessions', payload: nothing, maxAttempts: 3, run: purgeExpired })

const sweepZones = job({
  name: 'sweep.zones',
  payload: nothing,
  maxAttempts: 3,
  run: async app => void (await deleteZoneTombstones(app.db, before(app, 7 * day))),
})

/** What removes rows nobody needs any more; each by itself, so that one that fails stops no other. */
export const sweeps: readonly Schedule[] = [
  schedule('7 * * * *', sweepAnswers),
  schedule('17 * * * *', sweepSessions),
  schedule('27 3 * * *', sweepZones),
]
