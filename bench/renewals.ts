import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import pg from 'pg'
import { fixedClock } from '../apps/server/src/clock.ts'
import { defaultConfig } from '../apps/server/src/config.ts'
import type { App } from '../apps/server/src/context.ts'
import { openDatabase, runSql } from '../apps/server/src/db/database.ts'
import { startEmbedded } from '../apps/server/src/db/embedded/server.ts'
import { migrate } from '../apps/server/src/db/migrate.ts'
import { openNotifications } from '../apps/server/src/db/notifications.ts'
import { effects } from '../apps/server/src/effects.ts'
import { createLog } from '../apps/server/src/log.ts'
import { createMetrics } from '../apps/server/src/metrics.ts'
import { makeRenewals } from '../apps/server/src/modules/renewals/make-renewals.ts'
import { createSecrets } from '../apps/server/src/secrets.ts'
import { runSweep } from '../apps/server/src/sweep.ts'
import { openRunFolder } from '../apps/server/test/run-folder.ts'
import { seedServices } from './renewals-seed.ts'
import { median, report } from './report.ts'

// What the renewal of a service costs where there are few and where there are many: the time of the sweep by the number
// of services, and the heap that is in use during it. Each number has a database of its own, whose services were renewed
// for a month before: PostgreSQL plans for the tables that it knows, and nobody's are empty for longer than a minute. Few
// are renewed several times, before and after the many, since other work on the machine strikes single runs.

const few = 1_000
const many = Number(process.argv[2] ?? 100_000)
const at = new Date('2026-03-01T00:00:00Z')

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void // what the flag adds

const root = await mkdtemp(join(await openRunFolder(), 'innkeeper-bench-'))
await chmod(root, 0o755) // the database runs as another user
const postgres = await startEmbedded(root)
const admin = new pg.Client(postgres.connection)
await admin.connect()

interface Run {
  readonly millisecondsEach: number
  /** Megabytes after a collection, at the tenth part of the way and at its end. */
  readonly heap: readonly [number, number]
}

async function renew(count: number): Promise<Run> {
  const database = `bench_${count}_${Date.now()}`
  await admin.query(`create database ${database}`)
  const connection = { ...postgres.connection, database }
  await migrate(connection)
  const clock = fixedClock(at)
  const config = { ...defaultConfig(root), seller: { ...defaultConfig(root).seller, vatNumber: 'EE100000000' } }
  const app: App = {
    config,
    db: openDatabase(connection),
    notifications: await openNotifications(connection),
    clock,
    business: clock,
    effects,
    gateways: new Map(),
    secrets: createSecrets(Buffer.alloc(32, 1)),
    log: createLog({ logLevel: 'warn' }, process.stderr),
    metrics: createMetrics({ ofProcess: false }),
  }
  await seedServices(app.db, count, at)
  await runSweep(app, makeRenewals)
  await runSql(app.db, 'vacuum analyze')
  clock.advance(31 * 86_400_000)
  const heaps: number[] = []
  const batches = Math.ceil(count / 500)
  let sampling = 0
  const start = performance.now()
  const done = await runSweep(app, {
    ...makeRenewals,
    async next(of, after) {
      const before = performance.now()
      if (heaps.length === 0 || heaps.length % Math.ceil(batches / 10) === 0) collectGarbage()
      heaps.push(process.memoryUsage().heapUsed / 2 ** 20)
      sampling += performance.now() - before
      return makeRenewals.next(of, after)
    },
  })
  const milliseconds = performance.now() - start - sampling
  const [row] = await runSql<{ periods: number }>(
    app.db,
    `select count(*)::int as periods from billed_period where reason = 'renewal'`,
  )
  if (row?.periods !== 2 * count)
    throw new Error(`${row?.periods} periods of ${count} services were billed, ${done} accounts`)
  await app.notifications.close()
  await app.db.destroy()
  await admin.query(`drop database ${database} with (force)`)
  const collected = heaps.filter((_heap, index) => index % Math.ceil(batches / 10) === 0)
  return { millisecondsEach: milliseconds / count, heap: [collected[1] ?? Number.NaN, collected.at(-1) ?? Number.NaN] }
}

await renew(few) // the program warms up
const small = [await renew(few), await renew(few), await renew(few)]
const large = await renew(many)
small.push(await renew(few), await renew(few))
const each = median(small.map(run => run.millisecondsEach))
await report(
  'renewals',
  [
    {
      what: `time of a renewal among ${many}, by that among ${few}`,
      value: large.millisecondsEach / each,
      atMost: 1.2,
    },
    {
      what: `heap at the end of ${many}, by that after the first tenth`,
      value: large.heap[1] / large.heap[0],
      atMost: 1.2,
    },
    { what: `milliseconds of a renewal among ${few}`, value: each },
    { what: `milliseconds of a renewal among ${many}`, value: large.millisecondsEach },
    { what: `megabytes of heap at the end of ${many}`, value: large.heap[1] },
  ],
  { few: small, many: large },
)
await admin.end()
await postgres.stop()
await rm(root, { recursive: true, force: true })
process.exit()
