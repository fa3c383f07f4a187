import { Type } from 'typebox'
import { job, type Schedule } from '../../jobs/index.ts'
import { watchMoney } from './watch-money.ts'

const auditMoneyJob = job({
  name: 'billing.audit-money',
  payload: Type.Object({}),
  maxAttempts: 3,
  run: async app => {
    await watchMoney(app)
  },
})

/** What billing does by the clock. */
export const billingSchedules: readonly Schedule[] = [{ cron: '23 4 * * *', job: auditMoneyJob }]
