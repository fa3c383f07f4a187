import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import type pg from 'pg'
import type { Config } from '../config.ts'
import { clusterFolder } from './embedded/cluster.ts'
import { pointerName } from './embedded/home.ts'
import { passwordName } from './embedded/password.ts'
import { startEmbedded } from './embedded/server.ts'

/** The PostgreSQL of this installation: the operator's own, or the embedded one in the data folder. */
export interface Installation {
  readonly connection: pg.PoolConfig
  /** Stops what was started here; an operator's own server goes on. */
  stop(): Promise<void>
}

/** Whether opening it would make it. Of an operator's own server nobody knows that without asking it. */
export function isNew({ dataDir, databaseUrl }: Config): boolean {
  const signs = [join(dataDir, passwordName), join(dataDir, pointerName), clusterFolder(dataDir)]
  return databaseUrl === undefined && !signs.some(path => existsSync(path))
}

export async function openInstallation(config: Config, log: FastifyBaseLogger): Promise<Installation> {
  await mkdir(config.dataDir, { recursive: true })
  if (config.databaseUrl !== undefined) {
    return { connection: { connectionString: config.databaseUrl }, stop: async () => {} }
  }
  const server = await startEmbedded(config.dataDir, { maxConnections: 2 * config.databasePoolSize + 40 })
  log.debug({ socket: server.connection.host }, 'embedded PostgreSQL runs')
  return server
}
