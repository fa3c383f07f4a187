import { InText, signedIn } from '@innkeeper/contract'
import type { PoolConfig } from 'pg'
import pino from 'pino'
import { Type } from 'typebox'
import { fixedClock } from '../src/clock.ts'
import { defaultConfig } from '../src/config.ts'
import type { Identity } from '../src/context.ts'
import { openDatabase } from '../src/db/database.ts'
import { openNotifications } from '../src/db/notifications.ts'
import { effects } from '../src/effects.ts'
import { createMetrics } from '../src/metrics.ts'
import { auditRow } from '../src/modules/audit/index.ts'
import { createSecrets } from '../src/secrets.ts'
import { testOperation } from './operations.ts'
import { userHttp } from './user-http.ts'

// A server of its own process that dies by SIGKILL right after its commit, before a byte of the answer is sent.

interface Settings {
  readonly connection: PoolConfig
  readonly identity: Identity
  readonly at: string
}
const { connection, identity, at } = JSON.parse(process.argv[2] ?? '') as Settings // the test wrote it
const input = { name: Type.Optional(InText()), refuse: Type.Optional(InText()), map: Type.Optional(Type.Unknown()) }
const reply = Type.Object({ secret: Type.String(), name: Type.String() })

const server = userHttp(
  {
    config: defaultConfig('/nonexistent'),
    db: openDatabase(connection),
    notifications: await openNotifications(connection),
    clock: fixedClock(new Date(at)),
    business: fixedClock(new Date(at)),
    effects,
    gateways: new Map(),
    secrets: createSecrets(Buffer.alloc(32, 7)),
    log: pino({ level: 'silent' }),
    metrics: createMetrics({ ofProcess: false }),
  },
  [
    {
      operation: testOperation({ path: '/things', access: signedIn, input, reply }),
      handle: async ctx => {
        const tx = await ctx.begin()
        await tx
          .insertInto('audit')
          .values(auditRow(ctx, { event: 'made', description: '', accountId: null }))
          .execute()
        ctx.afterCommit(() => process.kill(process.pid, 'SIGKILL'))
        return { secret: 'from the killed server', name: 'a' }
      },
    },
  ],
  async () => identity,
)
console.log(await server.listen({ host: '127.0.0.1', port: 0 }))
