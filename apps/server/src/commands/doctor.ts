import { Resolver } from 'node:dns/promises'
import { existsSync } from 'node:fs'
import { createPowerDns } from '@innkeeper/drivers'
import pg from 'pg'
import { systemClock } from '../clock.ts'
import type { Config } from '../config.ts'
import { type Db, openDatabase } from '../db/database.ts'
import { type Installation, openInstallation } from '../db/installation.ts'
import { pendingMigrations } from '../db/migrate.ts'
import { listDeadJobs } from '../jobs/index.ts'
import { createLog } from '../log.ts'
import { checkMasterKey, loadSecrets } from '../master-key.ts'
import { publishFailures } from '../modules/dns/index.ts'
import { driversInUse } from '../modules/payment-methods/index.ts'
import { missingGateways } from '../modules/payments/index.ts'
import { type Command, settingsOf } from './command.ts'

/** One thing to look at. `run` gives a remark, or throws what is wrong. */
interface Check {
  readonly name: string
  readonly remedy: string
  /** What is wrong here stops nothing from working: it is told, and the doctor is content all the same. */
  readonly isAdvice?: boolean
  /** Where this is wrong, the checks after it would only say the same in words that mislead. */
  readonly lastIfWrong?: boolean
  run(): Promise<string>
}

export const doctor: Command = {
  usage: 'doctor',
  summary: 'Checks database, migrations, keys, name server, jobs and clock, and says what to do',
  async run(call) {
    const { config } = settingsOf(call)
    process.stdout.write('ok       configuration\n')
    // Opening an embedded database would make the folder, and a wrong --data would look like a healthy installation.
    if (!(await passes(dataFolderOf(config)))) return 1
    let installation: Installation | undefined
    const opened = await passes({
      name: 'database',
      remedy: 'see the message; with DATABASE_URL, check that it is reachable and that its user may create tables',
      async run() {
        installation = await openInstallation(config, createLog({ logLevel: 'silent' }))
        await withClient(installation.connection, client => client.query('select 1'))
        return config.databaseUrl === undefined ? 'embedded' : 'by databaseUrl'
      },
    })
    if (installation === undefined) return 1
    if (!opened) {
      await installation.stop()
      return 1
    }
    const db = openDatabase({ ...installation.connection, max: 2 })
    try {
      let healthy = true
      for (const check of checksOf(config, installation.connection, db)) {
        if (await passes(check)) continue
        healthy = false
        if (check.lastIfWrong) break
      }
      return healthy ? 0 : 1
    } finally {
      await db.destroy()
      await installation.stop()
    }
  },
}

async function passes({ name, remedy, run, isAdvice = false }: Check): Promise<boolean> {
  try {
    process.stdout.write(`ok       ${name} (${await run()})\n`)
    return true
  } catch (error) {
    const verdict = isAdvice ? 'ADVICE ' : 'PROBLEM'
    process.stdout.write(
      `${verdict}  ${name}: ${error instanceof Error ? error.message : error}\n         → ${remedy}\n`,
    )
    return isAdvice
  }
}

function dataFolderOf({ dataDir }: Config): Check {
  return {
    name: 'data folder',
    remedy: 'name the right one with --data (or INNKEEPER_DATA_DIR), or start the server, which makes it',
    async run() {
      if (!existsSync(dataDir)) throw new Error(`${dataDir} does not exist`)
      return dataDir
    },
  }
}

function checksOf(config: Config, connection: pg.ClientConfig, db: Db): Check[] {
  return [
    {
      name: 'PostgreSQL version',
      remedy: 'use PostgreSQL 15 or newer',
      lastIfWrong: true,
      run: () => withClient(connection, checkVersion),
    },
    {
      name: 'migrations',
      remedy: 'start the server, or run `innkeeper migrate`; then ask the doctor again',
      lastIfWrong: true,
      run: () => withClient(connection, checkMigrations),
    },
    {
      name: 'master key',
      remedy: 'put back the master.key that this database was made with, or set masterKey',
      async run() {
        await checkMasterKey(db, await loadSecrets(config.dataDir, config.masterKey), systemClock)
        return config.masterKey === undefined ? 'master.key' : 'configured'
      },
    },
    {
      name: 'clock',
      remedy: 'synchronise the clocks of this machine and of the database server (NTP)',
      run: () => withClient(connection, checkClock),
    },
    {
      name: 'name server',
      remedy:
        config.dns.driver === 'powerdns'
          ? 'check dns.powerdnsUrl, dns.powerdnsKey and that PowerDNS runs with api=yes'
          : 'start the server, or another role that serves names',
      run: () => checkNameServer(config),
    },
    {
      name: 'zones that were not published',
      remedy: 'see the error; they are tried again by themselves',
      async run() {
        const failures = await publishFailures(db)
        const [first] = failures
        if (first !== undefined) throw new Error(`${failures.length}, e.g. ${first.zone}: ${first.error}`)
        return 'none'
      },
    },
    {
      name: 'ways to pay',
      remedy:
        'write payment_methods into the catalogue (docs/catalogue.md) and import it; set the keys of their gateways',
      isAdvice: true,
      async run() {
        const [used, missing] = [await driversInUse(db), await missingGateways(db, config)]
        if (used.length === 0) throw new Error('there are none, so nobody can pay an invoice')
        if (missing.length > 0) throw new Error(`${missing.join(', ')} not configured and so not offered`)
        return used.join(', ')
      },
    },
    {
      name: 'seller',
      remedy: 'set them before the first invoice, which keeps them as they are then (docs/configuration.md)',
      isAdvice: true,
      run: async () => checkSeller(config),
    },
    {
      name: 'jobs that were given up',
      remedy: 'see `innkeeper jobs`; `innkeeper jobs --retry ID` runs one again',
      async run() {
        const dead = await listDeadJobs(db)
        if (dead[0] !== undefined) throw new Error(`${dead.length}, e.g. ${dead[0].name}: ${dead[0].error}`)
        return 'none'
      },
    },
  ]
}

/** What an invoice has to say of the seller (article 226 of Directive 2006/112/EC), and where to pay it to. */
function checkSeller({ seller }: Config): string {
  const wanted = ['address1', 'city', 'postcode', 'vatNumber', 'iban'] as const
  const missing = wanted.filter(name => seller[name] === '').map(name => `seller.${name}`)
  if (missing.length > 0) throw new Error(`invoices lack ${missing.join(', ')}`)
  return `${seller.name}, ${seller.country}`
}

async function withClient<T>(connection: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function checkVersion(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ server_version: string }>('show server_version')
  const version = rows[0]?.server_version ?? ''
  if (Number.parseInt(version, 10) < 15) throw new Error(`it is ${version}`)
  return version
}

async function checkMigrations(client: pg.Client): Promise<string> {
  const pending = await pendingMigrations(client)
  if (pending.length > 0) throw new Error(`${pending.join(', ')} did not run yet`)
  return 'all run'
}

/** Tokens and one-time codes are judged by the clock; nodes that are seconds apart judge the same one differently. */
async function checkClock(client: pg.Client): Promise<string> {
  const before = Date.now()
  const { rows } = await client.query<{ at: Date }>('select clock_timestamp() as at')
  const middle = (before + Date.now()) / 2
  const seconds = Math.abs((rows[0]?.at.getTime() ?? 0) - middle) / 1000
  if (seconds > 5) throw new Error(`it differs from the database's by ${seconds.toFixed(1)} s`)
  return 'agrees with the database'
}

async function checkNameServer({ dns }: Config): Promise<string> {
  if (dns.driver === 'powerdns') {
    const driver = createPowerDns({ url: dns.powerdnsUrl ?? '', apiKey: dns.powerdnsKey ?? '' })
    await driver.check()
    await driver.close()
    return 'PowerDNS answers'
  }
  const resolver = new Resolver({ timeout: 1000, tries: 1 })
  const host = dns.host === '0.0.0.0' ? '127.0.0.1' : dns.host === '::' ? '::1' : dns.host
  resolver.setServers([host.includes(':') ? `[${host}]:${dns.port}` : `${host}:${dns.port}`])
  try {
    await resolver.resolve4('doctor.invalid')
  } catch (error) {
    // A name that is not ours is refused: that is an answer.
    const { code } = error as NodeJS.ErrnoException // what the resolver throws
    if (code !== 'EREFUSED' && code !== 'ENOTFOUND') throw new Error(`no answer on ${host} port ${dns.port} (${code})`)
  }
  return `builtin, answers on port ${dns.port}`
}
