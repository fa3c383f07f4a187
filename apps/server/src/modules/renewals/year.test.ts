import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { addPeriod, type Cycle } from '@innkeeper/money'
import { expect, onTestFinished, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
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
       i.paid_minor, array(select stage from dunning d where d.invoice_id = i.id order by stage) as stages
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
let once0: ReturnType<typeof undisturbed> | undefined
const expected = () => (once0 ??= undisturbed())

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
    if (random() < 0.08) await crew.killOne(random)
    await work
    await pay(app, ids)
  }
  expect(crew.killed()).toBeGreaterThan(10)
  const lived = await outcome(app)
  expect(lived).toEqual(await expected())
  expect(lived.findings).toEqual([])
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
  expect(crashes).toBeGreaterThan(5)
  const lived = await outcome(app)
  expect(lived).toEqual(await expected())
  expect(lived.findings).toEqual([])
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

/** Workers of their own processes that sweep at the same time. */
async function hire(app: TestApp, count: number) {
  const members = new Set<Member>()
  let killed = 0
  let at = new Date(0)
  let sequence = 0
  const add = async () => {
    const member = await startMember(app)
    members.add(member)
  }
  await Promise.all(Array.from({ length: count }, add))
  const pending: Promise<void>[] = []

  /** Done when all who live have swept that moment through since the last of them died. */
  async function sweep(moment: Date): Promise<void> {
    at = moment
    let round: number
    do {
      round = sequence
      const line = `${at.toISOString()} ${round}`
      await Promise.all([...members].map(member => member.sweep(line)))
    } while (round !== sequence || members.size === 0)
  }

  return {
    sweep,
    killed: () => killed,
    async killOne(random: () => number): Promise<void> {
      await waitFor(() => members.size > 1)
      await new Promise(resolve => setTimeout(resolve, random() * 40))
      const victim = [...members][Math.floor(random() * members.size)]
      if (victim === undefined) return
      await victim.kill()
      // Its locks are its connections': until those are gone, others leave alone what it held.
      await waitFor(async () => (await victim.connections()) === 0)
      members.delete(victim)
      victim.release()
      killed++
      sequence++
      pending.push(add())
    },
    async dismiss() {
      await Promise.all(pending)
      for (const member of members) await member.kill()
    },
  }
}

interface Member {
  sweep(line: string): Promise<void>
  kill(): Promise<void>
  /** Lets go of who waits for it. */
  release(): void
  connections(): Promise<number>
}

async function startMember(app: TestApp): Promise<Member> {
  const file = join(import.meta.dirname, '../../../test/sweeping-worker.ts')
  const words = ['--import', 'tsx', file, JSON.stringify(app.connection)]
  const child: ChildProcess = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] })
  if (child.stdout === null || child.stdin === null) throw new Error('no pipes')
  const input = child.stdin
  input.on('error', () => {}) // it was killed
  const waiting = new Map<string, () => void>()
  const ready = new Promise<void>(resolve => waiting.set('ready', resolve))
  createInterface(child.stdout).on('line', line => {
    waiting.get(line)?.()
    waiting.delete(line)
  })
  await ready
  const name = `sweeper ${child.pid}`
  return {
    sweep: line =>
      new Promise(resolve => {
        waiting.set(line, resolve)
        input.write(`${line}\n`)
      }),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
    release() {
      for (const resolve of waiting.values()) resolve()
      waiting.clear()
    },
    async connections() {
      const text = 'select 1 from pg_stat_activity where application_name = $1'
      return (await runSql(app.db, text, [name])).length
    },
  }
}
