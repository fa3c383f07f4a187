import { createNameServer, createPowerDns, type DnsDriver } from '@innkeeper/drivers'
import type { App } from '../context.ts'
import { createFollower, startRedirector } from '../modules/dns/index.ts'
import type { Running } from '../running.ts'
import { openPort } from './open-port.ts'

export interface NameServing extends Running {
  readonly driver: DnsDriver
  /** Where the builtin name server listens. */
  readonly dnsPort: number | undefined
}

interface Closable {
  close(): Promise<void>
}

/** Keeps the configured name server equal to the database, and answers DNS itself where that is the builtin one. */
export async function startNameServing(app: App): Promise<NameServing> {
  const open: Closable[] = []
  const stop = async () => {
    for (const part of open.splice(0).reverse()) await part.close()
  }
  try {
    const serving = app.config.dns.driver === 'powerdns' ? await feedPowerDns(app, open) : await serveBuiltin(app, open)
    const { host, redirectPort } = app.config.dns
    if (redirectPort !== 0) {
      const start = () => startRedirector(app, { host, port: redirectPort })
      open.push(await openPort('dns.redirectPort', redirectPort, start))
    }
    return { ...serving, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function serveBuiltin(app: App, open: Closable[]): Promise<Omit<NameServing, 'stop'>> {
  const { host, port, transferTo, notify } = app.config.dns
  const driver = createNameServer({ host, port, allowTransfer: transferTo, notify, log: app.log })
  open.push(driver)
  const follower = await createFollower(app, driver, { exclusive: false })
  open.push(follower)
  // Zones first, then the port: nobody is told that a zone does not exist while it is still being read.
  await follower.tried()
  await openPort('dns.port', port, () => driver.listen())
  return { driver, dnsPort: driver.port() }
}

async function feedPowerDns(app: App, open: Closable[]): Promise<Omit<NameServing, 'stop'>> {
  const { powerdnsUrl, powerdnsKey } = app.config.dns
  if (powerdnsUrl === undefined || powerdnsKey === undefined) {
    throw new Error('dns.driver is powerdns: dns.powerdnsUrl and dns.powerdnsKey have to be set too')
  }
  const driver = createPowerDns({ url: powerdnsUrl, apiKey: powerdnsKey })
  open.push(driver)
  // One node at a time feeds a server; the others stand by.
  open.push(await createFollower(app, driver, { exclusive: true }))
  return { driver, dnsPort: undefined }
}
