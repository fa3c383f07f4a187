import { mkdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type pg from 'pg'
import { systemClock } from './clock.ts'
import type { Config } from './config.ts'
import type { App } from './context.ts'
import { openDatabase } from './db/database.ts'
import { type EmbeddedServer, startEmbedded } from './db/embedded/server.ts'
import { migrate } from './db/migrate.ts'
import { openNotifications } from './db/notifications.ts'
import { checkMasterKey, loadSecrets } from './master-key.ts'

/** The database an installation runs on: the operator's own, or the embedded one in the data folder. */
export interface Database {
  readonly connection: pg.PoolConfig
  stop(): Promise<void>
}

export async function openInstallationDatabase(config: Config, log: FastifyBaseLogger): Promise<Database> {
  if (config.databaseUrl !== undefined)
    return { connection: { connectionString: config.databaseUrl }, stop: async () => {} }
  await mkdir(config.dataDir, { recursive: true })
  const server: EmbeddedServer = await startEmbedded(join(config.dataDir, 'postgres'))
  log.debug({ socket: server.connection.host }, 'embedded PostgreSQL runs')
  return server
}
