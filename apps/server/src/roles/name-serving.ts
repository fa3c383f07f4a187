import { createNameServer, createPowerDns, type DnsDriver } from '@innkeeper/drivers'
import type pg from 'pg'
import type { App } from '../context.ts'
import { createFollower } from '../modules/dns/index.ts'
import type { Running } from '../node.ts'

export interface NameServing extends Running {
  readonly driver: DnsDriver
  /** Where the builtin name server listens. */
  readonly dnsPort: number | undefined
}

/** Keeps the configured name server equal to the database, and answers DNS itself where that is the builtin one. */
export async function startNameServing(app: App, connection: pg.PoolConfig): Promise<NameServing> {
  const { dns } = app.config
  if (dns.driver === 'powerdns') {
    const driver = openPowerDns(app)
    // One node at a time feeds a server; the others stand by.
    const follower = await createFollower(app, driver, { exclusive: true, connection })
    return { driver, dnsPort: undefined, stop: () => closeBoth(follower, driver) }
  }
  const driver = createNameServer({
    host: dns.host,
    port: dns.port,
    allowTransfer: dns.transferTo,
    notify: dns.notify,
    log: app.log,
  })
  const follower = await createFollower(app, driver, { exclusive: false, connection })
  // Zones first, then the port: nobody is told that a zone does not exist while it is still being read.
  await follower.settled()
  await driver.listen()
  return { driver, dnsPort: driver.port(), stop: () => closeBoth(follower, driver) }
}

function openPowerDns({ config: { dns } }: App): DnsDriver {
  if (dns.powerdnsUrl === undefined || dns.powerdnsKey === undefined) {
    throw new Error('dns.driver is powerdns: set dns.powerdnsUrl and dns.powerdnsKey too')
  }
  return createPowerDns({ url: dns.powerdnsUrl, apiKey: dns.powerdnsKey })
}

async function closeBoth(follower: { close(): Promise<void> }, driver: DnsDriver): Promise<void> {
  await follower.close()
  await driver.close()
}
