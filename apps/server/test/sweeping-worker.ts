import { createInterface } from 'node:readline'
import type { PoolConfig } from 'pg'
import pino from 'pino'
import { fixedClock } from '../src/clock.ts'
import { defaultConfig } from '../src/config.ts'
import { openDatabase } from '../src/db/database.ts'
import { openNotifications } from '../src/db/notifications.ts'
import { effects } from '../src/effects.ts'
import { createMetrics } from '../src/metrics.ts'
import { runSweeps } from '../src/modules/renewals/index.ts'
import { createSecrets } from '../src/secrets.ts'

// A worker of its own process, to be killed at any moment. Each line it reads is a moment: it runs all sweeps of it and
// answers with the line.

const connection = JSON.parse(process.argv[2] ?? '') as PoolConfig // the test wrote it
const config = defaultConfig('/nonexistent')
const clock = fixedClock(new Date(0))
const app = {
  config,
  db: openDatabase({ ...connection, max: 3, application_name: `sweeper ${process.pid}` }),
  notifications: await openNotifications({ ...connection, application_name: `sweeper ${process.pid}` }),
  clock,
  business: clock,
  effects,
  gateways: new Map(),
  secrets: createSecrets(Buffer.alloc(32, 7)),
  log: pino({ level: 'silent' }),
  metrics: createMetrics({ ofProcess: false }),
}
console.log('ready')
for await (const line of createInterface(process.stdin)) {
  clock.advance(new Date(line.split(' ')[0] ?? '').getTime() - clock.now().getTime())
  await runSweeps(app)
  console.log(line)
}
