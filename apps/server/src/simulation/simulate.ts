import { readFile } from 'node:fs/promises'
import { addDays, addPeriod, dayOf, shiftMonths } from '@innkeeper/money'
import { fixedClock } from '../clock.ts'
import type { Config } from '../config.ts'
import { createLog } from '../log.ts'
import { auditMoney, type MoneyFinding } from '../modules/billing/index.ts'
import { applyImport } from '../modules/catalog/index.ts'
import { runSweeps } from '../modules/renewals/index.ts'
import { asOperator } from '../operator.ts'
import { openSimulatedCustomers } from './customers.ts'
import { dropJobs, type Month, monthFigures } from './month-store.ts'
import { randomFrom } from './random.ts'
import { withScratchApp } from './scratch-database.ts'

export interface Simulation {
  readonly months: number
  readonly services: number
  readonly seed: number
  /** Ends it after the day it is at: what was lived until then is audited. */
  readonly stop: AbortSignal
}

/** A month as it is told: with the seconds it took and the memory in use. */
export interface ToldMonth extends Month {
  readonly month: string
  readonly seconds: number
  readonly megabytes: number
}

export interface Outcome {
  readonly findings: readonly MoneyFinding[]
  readonly refused: number
}

/** Lives so many months with the settings of an installation, day by day and with all sweeps of each, and audits the money. */
export function simulate(config: Config, wanted: Simulation, tell: (month: ToldMonth) => void): Promise<Outcome> {
  const start = addPeriod(new Date(), 'd', 1, config.timeZone)
  const clock = fixedClock(start)
  const log = createLog({ logLevel: 'error' }, process.stderr)
  return withScratchApp(sellingConfig(config), log, clock, async app => {
    const source = await readFile(new URL('../../demo/catalogue.yaml', import.meta.url), 'utf8')
    await asOperator(app, ctx => applyImport(ctx, withoutPeople(source)))
    const customers = await openSimulatedCustomers(app, randomFrom(wanted.seed), wanted.services)
    const firstDay = dayOf(start, config.timeZone)
    for (let month = 0; month < wanted.months && !wanted.stop.aborted; month++) {
      const from = shiftMonths(firstDay, month, 1)
      const to = shiftMonths(firstDay, month + 1, 1)
      const began = performance.now()
      while (dayOf(clock.now(), config.timeZone) < to && !wanted.stop.aborted) {
        await runSweeps(app)
        await customers.live()
        clock.advance(addDays(clock.now(), 1, config.timeZone).getTime() - clock.now().getTime())
      }
      await dropJobs(app.db)
      tell({ month: from.slice(0, 7), ...(await monthFigures(app.db, from, to)), ...costs(began) })
    }
    return { findings: await auditMoney(app.db), refused: customers.refused() }
  })
}

function costs(began: number) {
  const seconds = Number(((performance.now() - began) / 1000).toFixed(1))
  return { seconds, megabytes: Math.round(process.memoryUsage().rss / 2 ** 20) }
}

/** Taxes are half of what can go wrong: a seller who charges none yet does so here. */
function sellingConfig(config: Config): Config {
  const { seller } = config
  return {
    ...config,
    seller: { ...seller, vatNumber: seller.vatNumber === '' ? `${seller.country}100000000` : seller.vatNumber },
  }
}

/** The catalogue of the demo, of which nothing runs out and nothing waits for staff. */
function withoutPeople(source: string): string {
  return source.replaceAll(/provisioner: (?:manual|dns)/g, 'provisioner: none').replaceAll(/^ +stock:.*\n/gm, '')
}
