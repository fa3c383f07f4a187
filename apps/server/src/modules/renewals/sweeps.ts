import { Type } from 'typebox'
import type { App } from '../../context.ts'
import { job, type Schedule } from '../../jobs/index.ts'
import { sweepServices } from '../services/index.ts'
import { chargeCards } from './charge-cards.ts'
import { makeRenewals } from './make-renewals.ts'
import { cancelUnpaidOrders, chargeLateFees, collectOverdue } from './overdue-invoices.ts'
import { remind, tellOfInvoices } from './remind.ts'
import { suspendOverdue, terminateOverdue } from './stop-services.ts'
import { noteSuccess, runSweep, type Sweep } from './sweep.ts'

interface Runnable {
  readonly name: string
  run(app: App): Promise<unknown>
}

function runnable<T extends { readonly name: string }>(sweep: Sweep<T>): Runnable {
  return { name: sweep.name, run: app => runSweep(app, sweep) }
}

/** Changes that take effect or expire, and services that end with their period. */
const changes: Runnable = {
  name: 'service changes',
  async run(app) {
    await sweepServices(app)
    noteSuccess(app, 'service changes')
  },
}

/** In the order of a day: what ends is not renewed, what is billed is told of before it is reminded of. */
const sweeps: readonly Runnable[] = [
  changes,
  runnable(makeRenewals),
  runnable(tellOfInvoices),
  runnable(chargeCards),
  runnable(remind),
  runnable(chargeLateFees),
  runnable(suspendOverdue),
  runnable(terminateOverdue),
  runnable(cancelUnpaidOrders),
  runnable(collectOverdue),
]

/** Everything that is due by the business clock, one after another. One that fails stops no other; the first is thrown. */
export async function runSweeps(app: App): Promise<void> {
  const failures: unknown[] = []
  for (const sweep of sweeps) await sweep.run(app).catch(error => void failures.push(error))
  if (failures.length > 0) throw failures[0]
}

/** Each hour, each by itself, so that one that fails or takes long holds up no other. */
export const renewalSchedules: readonly Schedule[] = sweeps.map(({ name, run }, index) => ({
  cron: `${4 + index * 4} * * * *`,
  job: job({
    name: `sweep.${name.replaceAll(' ', '-')}`,
    payload: Type.Object({}),
    maxAttempts: 3,
    async run(app) {
      await run(app)
    },
  }),
}))
