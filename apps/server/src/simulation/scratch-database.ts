import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import pg from 'pg'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { App } from '../context.ts'
import { openDatabase } from '../db/database.ts'
import { openInstallation } from '../db/installation.ts'
import { locks } from '../db/locks.ts'
import { migrate } from '../db/migrate.ts'
import { openNotifications } from '../db/notifications.ts'
import { effects } from '../effects.ts'
import { createMetrics } from '../metrics.ts'
import { openGateways } from '../modules/payments/index.ts'
import { createSecrets } from '../secrets.ts'

/**
 * Runs the work on an App whose database is made for it on the installation's server, and dropped afterwards. Nothing of
 * the installation itself is read or written but its settings.
 */
export async function withScratchApp<T>(
  config: Config,
  log: FastifyBaseLogger,
  business: Clock,
  work: (app: App) => Promise<T>,
): Promise<T> {
  const installation = await openInstallation(config, log)
  const folder = await mkdtemp(join(tmpdir(), 'innkeeper-simulation-'))
  try {
    return await withScratchDatabase(installation.connection, connection =>
      withDatabase(connection, { ...config, dataDir: folder }, log, business, work),
    )
  } finally {
    await installation.stop()
    await rm(folder, { recursive: true })
  }
}

/** While a simulation lives, its session holds a lock by its database's name: one whose lock is free was killed. */
async function withScratchDatabase<T>(
  installation: pg.PoolConfig,
  work: (connection: pg.PoolConfig) => Promise<T>,
): Promise<T> {
  const session = new pg.Client(installation)
  // The work's own connections tell of a server that went away.
  session.on('error', () => {})
  await session.connect()
  try {
    await dropAbandoned(session)
    const database = `innkeeper_simulation_${randomBytes(4).toString('hex')}`
    await session.query('select pg_advisory_lock(hashtextextended($1, $2))', [database, locks.simulations])
    await session.query(`create database ${database}`)
    try {
      // What a crash of the machine would lose is thrown away in the end anyway.
      return await work({ ...inDatabase(installation, database), options: '-c synchronous_commit=off' })
    } finally {
      await session.query(`drop database ${database} with (force)`)
    }
  } finally {
    await session.end()
  }
}

async function dropAbandoned(session: pg.Client): Promise<void> {
  const { rows } = await session.query<{ name: string }>(
    `select datname as name from pg_database where datname ~ '^innkeeper_simulation_[0-9a-f]{8}$'`,
  )
  for (const { name } of rows) {
    const key = [name, locks.simulations]
    const lock = 'select pg_try_advisory_lock(hashtextextended($1, $2)) as free'
    const { rows: tried } = await session.query<{ free: boolean }>(lock, key)
    if (!tried[0]?.free) continue
    await session.query(`drop database if exists ${name} with (force)`)
    await session.query('select pg_advisory_unlock(hashtextextended($1, $2))', key)
  }
}

async function withDatabase<T>(
  connection: pg.PoolConfig,
  config: Config,
  log: FastifyBaseLogger,
  business: Clock,
  work: (app: App) => Promise<T>,
): Promise<T> {
  await migrate(connection)
  const db = openDatabase({ ...connection, max: config.databasePoolSize })
  const notifications = await openNotifications(connection)
  try {
    return await work({
      ...{ config, db, notifications, effects, log, business, clock: business },
      // Nobody is asked for money, wherever the settings would lead.
      gateways: openGateways({ ...config, payment: { stripeUrl: config.payment.stripeUrl } }),
      secrets: createSecrets(randomBytes(32)),
      metrics: createMetrics({ ofProcess: false }),
    })
  } finally {
    await notifications.close()
    await db.destroy()
  }
}

function inDatabase(connection: pg.PoolConfig, database: string): pg.PoolConfig {
  const { connectionString } = connection
  if (connectionString === undefined) return { ...connection, database }
  const url = new URL(connectionString)
  url.pathname = `/${database}`
  return { connectionString: url.href }
}
