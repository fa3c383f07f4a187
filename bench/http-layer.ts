import { spawn } from 'node:child_process'
import { Id, op, signedIn } from '@innkeeper/contract'
import Fastify from 'fastify'
import { Type } from 'typebox'
import { systemClock } from '../apps/server/src/clock.ts'
import { defaultConfig } from '../apps/server/src/config.ts'
import type { Context, Identity } from '../apps/server/src/context.ts'
import { type Db, openDatabase, runSql } from '../apps/server/src/db/database.ts'
import { startEmbedded } from '../apps/server/src/db/embedded/server.ts'
import { openNotifications } from '../apps/server/src/db/notifications.ts'
import { effects } from '../apps/server/src/effects.ts'
import { createHttp } from '../apps/server/src/http/app.ts'
import { userApi } from '../apps/server/src/http/user-api.ts'
import { createLog } from '../apps/server/src/log.ts'
import { createMetrics } from '../apps/server/src/metrics.ts'
import { ownerPrivileges } from '../apps/server/src/privileges.ts'
import { createSecrets } from '../apps/server/src/secrets.ts'
import { openRunFolder } from '../apps/server/test/run-folder.ts'

// What the HTTP layer costs: one prepared query of 50 rows, sent as JSON, by a bare Fastify route and through the
// whole way of a request (identity from memory, input, context, reply schema, log line, metrics). Needs `wrk`.
// Requests a second depend on what else the machine does; processor time a request does so much less.

const root = await openRunFolder()
const postgres = await startEmbedded(root)
const db = openDatabase(postgres.connection)
const seconds = Number(process.argv[2] ?? 5)

interface Row {
  id: string
  name: string
  type: string
  content: string
  ttl: number
  priority: number
}
const read = (from: Db) =>
  runSql<Row>(
    from,
    `select n::text as id, 'host' || n as name, 'A' as type, '192.0.2.' || n as content, 3600 as ttl, 0 as priority
     from generate_series(1, $1::int) n`,
    [50],
  )

const bare = Fastify()
bare.get('/api/zone/:id', async () => ({ service_id: 10, name: 'example.com', records: await read(db) }))

const zone = op({
  id: 'bench.zone',
  method: 'GET',
  path: '/zone/{id}',
  summary: 'A zone',
  input: { id: Id },
  reply: Type.Object({
    service_id: Type.Integer(),
    name: Type.String(),
    records: Type.Array(
      Type.Object({
        id: Id,
        name: Type.String(),
        type: Type.String(),
        content: Type.String(),
        ttl: Type.Integer(),
        priority: Type.Integer(),
      }),
    ),
  }),
  access: signedIn,
  examples: [{ reply: {} }],
})
const identity: Identity = {
  accountId: '1',
  profileId: '1',
  email: 'ada@example.com',
  owner: true,
  privileges: ownerPrivileges,
  via: 'session',
}
const discard = { write: () => {} }
const app = {
  config: defaultConfig(root),
  db,
  notifications: await openNotifications(postgres.connection),
  clock: systemClock,
  business: systemClock,
  effects,
  gateways: new Map(),
  secrets: createSecrets(Buffer.alloc(32, 1)),
  log: createLog({ logLevel: 'info' }, discard),
  metrics: createMetrics({ ofProcess: true }),
}
const implementation = {
  operation: zone as never, // of narrower types
  handle: async (ctx: Context) => ({ service_id: 10, name: 'example.com', records: await read(ctx.db) }),
}
const whole = createHttp(app, [userApi(app, [implementation], async () => identity)], { checkReplies: false })

interface Measured {
  readonly perSecond: number
  readonly cpuMicroseconds: number
}
const measured: Record<'bare' | 'whole', Measured[]> = { bare: [], whole: [] }
const urls = {
  bare: `${await bare.listen({ host: '127.0.0.1', port: 0 })}/api/zone/7`,
  whole: `${await whole.listen({ host: '127.0.0.1', port: 0 })}/api/zone/7`,
}
await measure(urls.bare)
await measure(urls.whole)
for (let round = 0; round < 5; round++) {
  for (const name of ['bare', 'whole'] as const) measured[name].push(await measure(urls[name]))
}
const summary = (key: keyof Measured) => {
  const [bareMedian, wholeMedian] = [measured.bare, measured.whole].map(list => {
    const sorted = list.map(one => one[key]).sort((a, b) => a - b)
    return Math.round(sorted[2] ?? 0)
  }) as [number, number] // one for each
  return { bare: bareMedian, whole: wholeMedian }
}
const perSecond = summary('perSecond')
const cpu = summary('cpuMicroseconds')
console.log(
  JSON.stringify({
    requestsPerSecond: { ...perSecond, ratio: Number((perSecond.whole / perSecond.bare).toFixed(2)) },
    cpuMicrosecondsPerRequest: { ...cpu, ratio: Number((cpu.bare / cpu.whole).toFixed(2)) },
  }),
)
await Promise.all([bare.close(), whole.close()])
await db.destroy()
await postgres.stop()
process.exit(0)

async function measure(url: string): Promise<Measured> {
  const before = process.cpuUsage()
  const wrk = spawn('wrk', ['-t1', '-c20', `-d${seconds}s`, '-H', 'Authorization: Bearer x', url])
  let output = ''
  for await (const chunk of wrk.stdout) output += chunk
  if (/Non-2xx/.test(output)) throw new Error(output)
  const { user, system } = process.cpuUsage(before)
  const requests = Number(/(\d+) requests in/.exec(output)?.[1])
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]),
    cpuMicroseconds: (user + system) / requests,
  }
}
