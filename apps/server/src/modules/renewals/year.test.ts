import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addPeriod, type Cycle } from '@innkeeper/money'
import { expect, onTestFinished, test } from 'vitest'
import { testApp } from '../../../test/app.ts'
import { hire } from '../../../test/crew.ts'
import { payInvoice, seedCustomer } from '../../../test/life.ts'
import { waitFor } from '../../../test/wait-for.ts'
import { fixedClock } from '../../clock.ts'
import type { App } from '../../context.ts'
import { openDatabase, runSql } from '../../db/database.ts'
import { type EmbeddedServer, startEmbedded } from '../../db/embedded/server.ts'
import { migrate } from '../../db/migrate.ts'
import { auditMoney } from '../billing/index.ts'
import { runSweeps } from './index.ts'

/* A year of customers who pay, pay late and never pay, lived undisturbed and lived with crashes: the same comes of it. */

const start = new Date('2026-01-31T00:00:00Z')
/** In steps of two days: stages that pass on one of them are seen on the next. */
const steps = 183
const stepMilliseconds = 2 * 86_400_000

/** Of each account: what it has, and how many days after the due day it pays; undefined: never. */
const accounts: readonly (readonly [payDays: number | undefined, ...cycles: Cycle[]])[] = [
  [0, 'm'],
  [2, 'm', 'm'],
  [undefined, 'm'],
  [0, 'w', 'q'],
  [6, 'q', 'm'],
  [-1, 'd'],
  [0, 'a', 's', 'm'],
  [undefined, 'w', 's'],
]

type Ids = readonly string[]

async function seed(app: App): Promise<Ids> {
  const ids: string[] = []
  for (const [, ...cycles] of accounts) {
    const bought = cycles.map(cycle => ({ cycle, endsAt: addPeriod(start, cycle, 31, 'UTC'), anchorDay: 31 }))
    ids.push((await seedCustomer(app, bought)).accountId)
  }
  return ids
}

/** Each pays on its day, after everybody has swept: what of the two came first on a day is not what is compared. */
async function pay(app: App, ids: Ids): Promise<void> {
  const due = await runSql<{ id: string; accountId: string }>(
    app.db,
    `select i.id, i.account_id as "accountId" from invoice i
     join unnest($1::bigint[], $2::int[]) as payer (id, days) on payer.id = i.account_id
     where i.status = 'Unpaid' and i.due_on + payer.days <= $3::date order by i.id`,
    [ids, accounts.map(([payDays]) => payDays ?? null), app.business.now()],
  )
  for (const invoice of due) await payInvoice(app, invoice)
}

/** What must not depend on who swept, and how often: periods, amounts, states, letters. Numbers and ids may. */
async function outcome(app: App) {
  const periods = await runSql(
    app.db,
    `select b.service_id, b.starts_at, b.ends_at, b.net_minor, i.total_minor, i.due_on::text, i.issued_on::text, i.status,
       i.paid_minor, i.told_at is not null as told, array(select stage from dunning d where d.invoice_id = i.id order by stage) as stages
     from billed_period b join invoice_line l on l.id = b.line_id join invoice i on i.id = l.invoice_id
     order by b.service_id, b.starts_at`,
  )
  const services = await runSql(app.db, 'select id, status, paid_until, ended_at from service order by id')
  const [counts] = await runSql(
    app.db,
    `select (select count(*) from invoice) as invoices, (select count(*) from ledger_entry) as entries,
       (select count(*) from dunning) as stages,
       (select count(*) from graphile_worker._private_jobs) as letters`,
  )
  return { periods, services, counts, findings: await auditMoney(app.db) }
}

async function undisturbed() {
  const clock = fixedClock(start)
  const app = await testApp({}, clock)
  const ids = await seed(app)
  for (let step = 0; step < steps; step++) {
    clock.advance(stepMilliseconds)
    await runSweeps(app)
    await pay(app, ids)
  }
  const result = await outcome(app)
  await app.close()
  return result
}
let lived: ReturnType<typeof undisturbed> | undefined
/** Lived once, for both tests. */
const expected = () => {
  lived ??= undisturbed()
  return lived
}

/** The next of a row of numbers below 1 that looks random and is the same in each run. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

test('three workers of which one after another is killed bill what one undisturbed worker bills', async () => {
  const clock = fixedClock(start)
  const app = await testApp({}, clock)
  onTestFinished(() => app.close())
  const ids = await seed(app)
  const random = randomFrom(1)
  const crew = await hire(app, 3)
  onTestFinished(() => crew.dismiss())
  for (let step = 0; step < steps; step++) {
    clock.advance(stepMilliseconds)
    const work = crew.sweep(clock.now())
    if (random() < 0.05) await crew.killOne(random)
    await work
    await pay(app, ids)
  }
  expect(crew.killed()).toBeGreaterThan(5)
  const result = await outcome(app)
  expect(result).toEqual(await expected())
  expect(result.findings).toEqual([])
}, 600_000)

test('a PostgreSQL that crashes again and again loses no invoice and makes none twice', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'innkeeper-year-'))
  const server = await startEmbedded(folder) // durable: what is lost after a crash is what is asked
  await migrate(server.connection)
  const clock = fixedClock(start)
  const base = await testApp({}, clock)
  const app: App = { ...base, db: openDatabase(server.connection) }
  onTestFinished(async () => {
    await app.db.destroy()
    await base.close()
    await server.stop()
    await rm(folder, { recursive: true })
  })
  const ids = await seed(app)
  const random = randomFrom(2)
  let crashes = 0
  for (let step = 0; step < steps; step++) {
    clock.advance(stepMilliseconds)
    const sweeping = Promise.all([throughCrashes(() => runSweeps(app)), throughCrashes(() => runSweeps(app))])
    if (random() < 0.06) {
      crashes++
      await crash(server, random() * 30)
    }
    await sweeping
    await throughCrashes(() => runSweeps(app))
    await throughCrashes(() => pay(app, ids))
  }
  expect(crashes).toBeGreaterThan(4)
  const result = await outcome(app)
  expect(result).toEqual(await expected())
  expect(result.findings).toEqual([])
}, 600_000)

/** Again until it went through: as the queue does with a job. */
async function throughCrashes(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await work()
    } catch {
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
}

async function crash(server: EmbeddedServer, afterMilliseconds: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, afterMilliseconds))
  const pid = server.pid()
  process.kill(pid, 'SIGQUIT') // "immediate": backends end where they are, and it recovers at its next start
  await waitFor(() => server.pid() !== pid)
}
