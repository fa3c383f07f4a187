import { createStripe, type StripeOptions } from '@innkeeper/drivers'
import type { PoolConfig } from 'pg'
import pino from 'pino'
import { systemClock } from '../src/clock.ts'
import { defaultConfig } from '../src/config.ts'
import type { InvoiceRef } from '../src/context.ts'
import { openDatabase } from '../src/db/database.ts'
import { openNotifications } from '../src/db/notifications.ts'
import { effects } from '../src/effects.ts'
import { createMetrics } from '../src/metrics.ts'
import { chargeInvoice } from '../src/modules/payments/index.ts'
import { asSystem } from '../src/operator.ts'
import { createSecrets } from '../src/secrets.ts'

// A process of its own that charges a card, at a gateway that takes the money and never answers, until it is killed.

interface Settings {
  readonly connection: PoolConfig
  readonly stripe: StripeOptions
  readonly ref: InvoiceRef
}
const { connection, stripe, ref } = JSON.parse(process.argv[2] ?? '') as Settings // the test wrote it

const app = {
  config: defaultConfig('/nonexistent'),
  db: openDatabase(connection),
  notifications: await openNotifications(connection),
  clock: systemClock,
  business: systemClock,
  effects,
  gateways: new Map([['stripe', createStripe(stripe)]]),
  secrets: createSecrets(Buffer.alloc(32, 7)),
  log: pino({ level: 'silent' }),
  metrics: createMetrics({ ofProcess: false }),
}
await asSystem(app, ctx => chargeInvoice(ctx, ref))
