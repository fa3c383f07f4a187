import type { FastifyBaseLogger } from 'fastify'
import type pg from 'pg'
import { systemClock } from './clock.ts'
import type { Config } from './config.ts'
import type { App } from './context.ts'
import { databaseOn, openPool } from './db/database.ts'
import { isDatabaseUnavailable } from './db/errors.ts'
import { type Installation, openInstallation } from './db/installation.ts'
import { migrate } from './db/migrate.ts'
import { openNotifications } from './db/notifications.ts'
import { effects } from './effects.ts'
import { checkMasterKey, loadSecrets } from './master-key.ts'
import { createMetrics } from './metrics.ts'
import { openGateways } from './modules/payments/index.ts'
import { openBusinessClock } from './modules/renewals/index.ts'
import { startHttp, withPort } from './roles/http.ts'
import { startJobs } from './roles/jobs.ts'
import { startNameServing } from './roles/name-serving.ts'
import type { Running } from './running.ts'

/** What a process does; `serve` is all of it. */
export interface Roles {
  readonly api: boolean
  readonly worker: boolean
  /** Publishing zones: the builtin name server, or the feeding of PowerDNS. */
  readonly nameserver: boolean
}
export const everyRole: Roles = { api: true, worker: true, nameserver: true }

/** One running process of the program. */
export interface Node {
  readonly app: App
  /** Where the API listens; undefined without the api role. */
  readonly url: string | undefined
  /** Where the builtin name server listens; undefined without one. */
  readonly dnsPort: number | undefined
  /** Stops in the reverse order of the start: no new work first, the database last. */
  stop(): Promise<void>
}

export async function startNode(configured: Config, roles: Roles, log: FastifyBaseLogger): Promise<Node> {
  const config = roles.api ? await withPort(configured) : configured
  const started: Running[] = []
  const stop = async () => {
    for (const running of started.splice(0).reverse()) {
      await running.stop().catch(error => log.warn({ err: error }, 'a part did not stop cleanly'))
    }
  }
  try {
    const { app, connection } = await openApp(config, log, started, { ofProcess: true })
    const naming = roles.nameserver ? await startNameServing(app) : undefined
    if (naming !== undefined) started.push(naming)
    if (roles.worker) started.push(await startJobs(app, connection))
    const http = roles.api ? await startHttp(app, naming?.driver) : undefined
    if (http !== undefined) started.push(http)
    return { app, url: http?.url, dnsPort: naming?.dnsPort, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The App alone, on a migrated database: what commands like `account create` need. */
export async function openApp(
  config: Config,
  log: FastifyBaseLogger,
  started: Running[],
  { ofProcess }: { readonly ofProcess: boolean },
): Promise<{ app: App; connection: pg.PoolConfig }> {
  const installation: Installation = await openInstallation(config, log)
  started.push(installation)
  const { connection } = installation
  const ran = await migrate(connection).catch(unreachable)
  if (ran.length > 0) log.info({ migrations: ran }, 'database migrated')
  const pool = openPool({ ...connection, max: config.databasePoolSize })
  const db = databaseOn(pool)
  started.push({ stop: () => db.destroy() })
  const secrets = await loadSecrets(config.dataDir, config.masterKey)
  await checkMasterKey(db, secrets, systemClock)
  const notifications = await openNotifications(connection)
  started.push({ stop: () => notifications.close() })
  const metrics = createMetrics({ ofProcess })
  metrics.watchPool('main', pool)
  const clock = systemClock
  const business = await openBusinessClock({ config, db, notifications, clock, log })
  const gateways = openGateways(config)
  return { app: { config, db, notifications, clock, business, effects, gateways, secrets, log, metrics }, connection }
}

/** What the system says of a refused connection does not say of what. */
function unreachable(error: unknown): never {
  if (isDatabaseUnavailable(error)) throw new Error('the database cannot be reached', { cause: error })
  throw error
}
