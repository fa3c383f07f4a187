import { Type } from 'typebox'
import { job, type Schedule } from '../jobs/index.ts'
import { answersExpiry } from './idempotency.ts'
import { deleteAnswers } from './idempotency-store.ts'

/** Removes answers that no request is answered with any more. */
export const sweepAnswers: Schedule = {
  cron: '7 * * * *',
  job: job({
    name: 'sweep.idempotent-answers',
    payload: Type.Object({}),
    maxAttempts: 3,
    run: app => deleteAnswers(app.db, answersExpiry(app)),
  }),
}
