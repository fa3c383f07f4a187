import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import type { Clock } from '../src/clock.ts'
import { systemClock } from '../src/clock.ts'
import { type Config, defaultConfig } from '../src/config.ts'
import type { App } from '../src/context.ts'
import { openNotifications } from '../src/db/notifications.ts'
import { effects } from '../src/effects.ts'
import { createMetrics } from '../src/metrics.ts'
import { openGateways } from '../src/modules/payments/index.ts'
import { openBusinessClock } from '../src/modules/renewals/index.ts'
import { createSecrets } from '../src/secrets.ts'
import { testDatabase } from './database.ts'

export interface TestApp extends App {
  readonly connection: Awaited<ReturnType<typeof testDatabase>>['connection']
  close(): Promise<void>
}

/** An App on a fresh database, for tests of use cases and of the HTTP surface. */
export async function testApp(settings: Partial<Config> = {}, clock: Clock = systemClock): Promise<TestApp> {
  const { db, connection, drop } = await testDatabase()
  const notifications = await openNotifications(connection)
  const config = { ...defaultConfig(mkdtempSync(join(tmpdir(), 'innkeeper-data-'))), ...settings }
  const log = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' })
  return {
    config,
    db,
    notifications,
    clock,
    business: await openBusinessClock({ config, db, notifications, clock, log }),
    effects,
    gateways: openGateways(config),
    connection,
    secrets: createSecrets(Buffer.alloc(32, 7)),
    log,
    metrics: createMetrics({ ofProcess: false }),
    async close() {
      await notifications.close()
      await drop()
    },
  }
}
