import { createDeadlines } from '../../kit/deadline.ts'
import { DriverError } from '../../kit/driver-error.ts'
import type { DnsDriver, Zone } from '../driver.ts'
import { recordTypes } from '../records/types.ts'
import { createPowerDnsClient, type PowerDnsClient } from './client.ts'
import type { RecordSet, WholeZone, ZoneSettings } from './forms.ts'
import { createPublishedStates } from './published-states.ts'
import { changesBetween, powerDnsName, recordSets, stateOf } from './record-sets.ts'
import { createTurns } from './turns.ts'

/** Where PowerDNS is and how its zones are kept. */
export interface PowerDnsOptions {
  /** Of its web server, such as `http://127.0.0.1:8081`. */
  readonly url: string
  readonly apiKey: string
  readonly serverId?: string
  /** Marks our zones among others of that server; those are never touched. */
  readonly account?: string
  /** `Master` if secondaries fetch the zones and are to be notified. */
  readonly kind?: 'Native' | 'Master'
  /** For one call, from the moment it is its turn. */
  readonly timeoutMilliseconds?: number
  /** Record sets remembered at most, to send what differs without reading the zone first. */
  readonly keptSets?: number
}

/** Large zones get more time: PowerDNS writes some ten sets in a millisecond, and puts the zone in order afterwards. */
const millisecondsPerSet = 1
const listTimeoutFactor = 12

/**
 * PowerDNS ≥ 4.7 by its HTTP API. A zone is published with one request that carries the record sets that differ. Throws a
 * DriverError `misconfigured` for options that cannot be.
 */
export function createPowerDns(options: PowerDnsOptions): DnsDriver {
  const { account = 'innkeeper', kind = 'Native', timeoutMilliseconds = 5000, keptSets = 50_000 } = options
  const client = createPowerDnsClient({ ...options, serverId: options.serverId ?? 'localhost' })
  const settings: ZoneSettings = { account, kind, soa_edit_api: '', api_rectify: true }
  const published = createPublishedStates(keptSets)
  // The SQLite back end answers 500 to writes that meet.
  const inTurn = createTurns()
  const deadlines = createDeadlines()

  /** Brings the zone from the state that we left it in to the wanted one; false if that cannot be relied on. */
  async function changeKnown(name: string, sets: readonly RecordSet[], signal: AbortSignal): Promise<boolean> {
    const state = published.get(name)
    if (state === undefined) return false
    const changes = changesBetween(state, sets)
    // Nobody publishes twice the same without doubting that it is there.
    if (changes.length === 0) return false
    published.forget(name)
    return client.change(name, changes, signal)
  }

  async function publish(name: string, zone: Zone): Promise<void> {
    const sets = recordSets(zone)
    await deadlines.within(timeoutMilliseconds + sets.length * millisecondsPerSet, async signal => {
      try {
        if (!(await changeKnown(name, sets, signal))) await changeUnknown(client, settings, name, sets, signal)
      } catch (error) {
        // It may have been carried out nevertheless.
        published.forget(name)
        throw error
      }
      published.keep(name, stateOf(sets))
      // PowerDNS looks for changed serials by itself, but only once a minute.
      if (kind === 'Master') await client.notify(name, signal).catch(() => undefined)
    })
  }

  async function remove(name: string, signal: AbortSignal): Promise<void> {
    published.forget(name)
    const found = await client.summary(name, signal)
    if (found === undefined || found.account !== account) return
    await client.delete(name, signal)
  }

  return {
    name: 'powerdns',
    types: new Set(recordTypes),
    async list() {
      const zones = await deadlines.within(timeoutMilliseconds * listTimeoutFactor, client.zones)
      const ours = zones.filter(zone => zone.account === account)
      return new Map(ours.map(zone => [zone.name.slice(0, -1).toLowerCase(), zone.serial]))
    },
    publish: zone => inTurn(() => publish(powerDnsName(zone.name), zone)),
    remove: name => inTurn(() => deadlines.within(timeoutMilliseconds, signal => remove(powerDnsName(name), signal))),
    async check() {
      const { daemon_type, version } = await deadlines.within(timeoutMilliseconds, client.server)
      if (daemon_type !== 'authoritative' || !isRecent(version)) {
        const what = `PowerDNS ${daemon_type} ${version} answers at ${options.url}`
        throw new DriverError('misconfigured', `${what}; the authoritative server 4.7 or later is needed`)
      }
    },
    async close() {
      deadlines.end()
      await inTurn(async () => undefined)
    },
  }
}

/** Makes the zone, or brings it from the state that PowerDNS has it in to the wanted one. */
async function changeUnknown(
  client: PowerDnsClient,
  settings: ZoneSettings,
  name: string,
  sets: readonly RecordSet[],
  signal: AbortSignal,
): Promise<void> {
  let found = await client.zone(name, signal)
  if (found === undefined) {
    if (await client.create(name, settings, sets, signal)) return
    // A first attempt that failed may have left an empty zone.
    found = await client.zone(name, signal)
  }
  if (found === undefined) throw new DriverError('unavailable', `PowerDNS does not know whether it has ${name}`)
  if (found.account !== settings.account) {
    const remedy = `to hand it over, set its account there to ${settings.account}`
    throw new DriverError('refused', `PowerDNS has ${name} of the account "${found.account}", not ours: ${remedy}`)
  }
  if (!hasSettings(found, settings)) await client.configure(name, settings, signal)
  const changes = changesBetween(stateOf(found.rrsets), sets)
  if (changes.length > 0 && !(await client.change(name, changes, signal))) {
    throw new DriverError('unavailable', `somebody deleted ${name} from PowerDNS at the same moment`)
  }
}

function hasSettings(zone: WholeZone, settings: ZoneSettings): boolean {
  const { kind, soa_edit_api, api_rectify } = settings
  return zone.kind === kind && zone.soa_edit_api === soa_edit_api && zone.api_rectify === api_rectify
}

function isRecent(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? []
  return Number(major) > 4 || (Number(major) === 4 && Number(minor) >= 7)
}
