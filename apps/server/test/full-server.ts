import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { type Clock, systemClock } from '../src/clock.ts'
import type { Config } from '../src/config.ts'
import { createHttp } from '../src/http/app.ts'
import { registerWebhooks } from '../src/http/webhooks.ts'
import { receiveEvent } from '../src/modules/payments/index.ts'
import { openSessions } from '../src/modules/sessions/index.ts'
import { startJobs } from '../src/roles/jobs.ts'
import { surfacesOf } from '../src/surfaces.ts'
import { type TestApp, testApp } from './app.ts'
import { waitFor } from './wait-for.ts'

/** The whole API on a database of its own, for `inject`: real sign-in, every handler. */
export interface FullServer {
  readonly app: TestApp
  readonly server: FastifyInstance
  /** Gives an account a service with DNS. */
  addDnsService(accountId: string): Promise<{ serviceId: string }>
  /** Runs the waiting jobs, and gives the token in the newest mail to this address. */
  mailedToken(email: string): Promise<string>
  close(): Promise<void>
}

export async function fullServer(settings: Partial<Config> = {}, clock: Clock = systemClock): Promise<FullServer> {
  const app = await testApp({ signupsPerHour: 0, ...settings }, clock) // tests sign up often, from one address
  const sessions = await openSessions(app)
  const server = createHttp(app, surfacesOf(app, sessions))
  registerWebhooks(server, app, receiveEvent)
  return {
    app,
    server,
    async addDnsService(accountId) {
      const product = await app.db
        .insertInto('product')
        .values({ name: 'DNS hosting', features: ['dns'] })
        .onConflict(conflict => conflict.column('name').doUpdateSet({ name: 'DNS hosting' }))
        .returning('id')
        .executeTakeFirstOrThrow()
      const service = await app.db
        .insertInto('service')
        .values({ account_id: accountId, product_id: product.id, status: 'Active', created_at: app.clock.now() })
        .returning('id')
        .executeTakeFirstOrThrow()
      return { serviceId: service.id }
    },
    async mailedToken(email) {
      const jobs = await startJobs(app, app.connection)
      const mails = async () => (await readMails(join(app.config.dataDir, 'mail'))).filter(mail => mail.includes(email))
      await waitFor(async () => (await mails()).length > 0)
      await jobs.stop()
      const [token] = (await mails()).flatMap(mail => /ikr_[\w-]+/.exec(mail) ?? [])
      if (token === undefined) throw new Error('no token in the mail')
      return token
    },
    async close() {
      await server.close()
      await app.close()
    },
  }
}

async function readMails(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return Promise.all(names.filter(name => name.endsWith('.eml')).map(name => readFile(join(folder, name), 'utf8')))
}
