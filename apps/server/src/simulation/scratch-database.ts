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
  const database = `innkeeper_simulation_${randomBytes(4).toString('hex')}`
  const folder = await mkdtemp(join(tmpdir(), 'innkeeper-simulation-'))
  try {
    await onServer(installation.connection, `create database ${database}`)
    // What a crash of the machine would lose is thrown away in the end anyway.
    const connection = { ...inDatabase(installation.connection, database), options: '-c synchronous_commit=off' }
    try {
      return await withDatabase(connection, { ...config, dataDir: folder }, log, business, work)
    } finally {
      await onServer(installation.connection, `drop database ${database} with (force)`)
    }
  } finally {
    await installation.stop()
    await rm(folder, { recursive: true })
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

async function onServer(connection: pg.PoolConfig, statement: string): Promise<void> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

function inDatabase(connection: pg.PoolConfig, database: string): pg.PoolConfig {
  const { connectionString } = connection
  if (connectionString === undefined) return { ...connection, database }
  const url = new URL(connectionString)
  url.pathname = `/${database}`
  return { connectionString: url.href }
}
