import { sweepAnswers } from './http/idempotency-jobs.ts'
import type { Schedule } from './jobs/index.ts'
import { billingSchedules } from './modules/billing/index.ts'
import { dnsSchedules } from './modules/dns/index.ts'
import { paymentSchedules } from './modules/payments/index.ts'
import { sessionSchedules } from './modules/sessions/index.ts'
import { staffSchedules } from './modules/staff/index.ts'
import { taxSchedules } from './modules/tax/index.ts'

/** What runs by the clock and keeps an installation tidy; each by itself, so that one that fails stops no other. */
export const schedules: readonly Schedule[] = [
  sweepAnswers,
  ...sessionSchedules,
  ...dnsSchedules,
  ...billingSchedules,
  ...taxSchedules,
  ...staffSchedules,
  ...paymentSchedules,
]
