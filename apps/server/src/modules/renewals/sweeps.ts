import { Type } from 'typebox'
import type { App } from '../../context.ts'
import { job, type Schedule } from '../../jobs/index.ts'
import { noteSuccess, runSweep, type Sweep } from '../../sweep.ts'
import { countReturns } from '../catalog/index.ts'
import { endAsAsked, settleChanges } from '../services/index.ts'
import { chargeCards } from './charge-cards.ts'
import { tellOfDocuments } from './invoice-letters.ts'
import { makeRenewals } from './make-renewals.ts'
import { cancelUnpaidOrders, chargeLateFees, collectOverdue } from './overdue-invoices.ts'
import { remind } from './remind.ts'
import { spendCredit } from './spend-credit.ts'
import { suspendOverdue, terminateOverdue } from './stop-services.ts'

interface Runnable {
  readonly name: string
  /** Somebody waits for it: it has its turn each minute, not each hour. */
  readonly eachMinute: boolean
  run(app: App, signal?: AbortSignal): Promise<unknown>
}

function runnable<T extends { readonly name: string }>(sweep: Sweep<T>, eachMinute = false): Runnable {
  return { name: sweep.name, eachMinute, run: (app, signal) => runSweep(app, sweep, signal) }
}

const returns: Runnable = {
  name: 'returns',
  eachMinute: true,
  async run(app) {
    await countReturns(app)
    noteSuccess(app, 'returns')
  },
}

/** In the order of a day: what ends is not renewed, what is billed is told of before it is reminded of, and paid by what is there. */
const sweeps: readonly Runnable[] = [
  runnable(settleChanges),
  runnable(endAsAsked),
  runnable(makeRenewals),
  runnable(tellOfDocuments, true),
  runnable(spendCredit, true),
  runnable(chargeCards),
  runnable(remind),
  runnable(chargeLateFees),
  runnable(suspendOverdue),
  runnable(terminateOverdue),
  runnable(cancelUnpaidOrders),
  runnable(collectOverdue),
  returns,
]

/** Everything that is due by the business clock, one after another. One that fails stops no other; the first is thrown. */
export async function runSweeps(app: App): Promise<void> {
  const failures: unknown[] = []
  for (const sweep of sweeps) await sweep.run(app).catch(error => void failures.push(error))
  if (failures.length > 0) throw failures[0]
}

/** Each by itself, so that one that fails or takes long holds up no other. */
export const renewalSchedules: readonly Schedule[] = sweeps.map(({ name, eachMinute, run }, index) => ({
  cron: eachMinute ? '* * * * *' : `${4 + index * 4} * * * *`,
  job: job({
    name: `sweep.${name.replaceAll(' ', '-')}`,
    payload: Type.Object({}),
    maxAttempts: 3,
    async run(app, _payload, { signal }) {
      await run(app, signal)
    },
  }),
}))
