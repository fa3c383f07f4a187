import { createCall, type PowerDnsAccess, readReply, refuseFailed } from './call.ts'
import {
  areZoneSummaries,
  isServerInfo,
  isWholeZone,
  type RecordSet,
  type ServerInfo,
  type SetChange,
  type WholeZone,
  type ZoneSettings,
  type ZoneSummary,
} from './forms.ts'

/** The calls of PowerDNS' HTTP API that we use, names with the last dot. Each throws a DriverError, and obeys the signal. */
export interface PowerDnsClient {
  server(signal: AbortSignal): Promise<ServerInfo>
  zones(signal: AbortSignal): Promise<readonly ZoneSummary[]>
  summary(name: string, signal: AbortSignal): Promise<ZoneSummary | undefined>
  /** Undefined where there is no such zone; so for the others that answer a boolean: false. */
  zone(name: string, signal: AbortSignal): Promise<WholeZone | undefined>
  /** False if there is one already. */
  create(name: string, settings: ZoneSettings, sets: readonly RecordSet[], signal: AbortSignal): Promise<boolean>
  configure(name: string, settings: ZoneSettings, signal: AbortSignal): Promise<void>
  change(name: string, changes: readonly SetChange[], signal: AbortSignal): Promise<boolean>
  delete(name: string, signal: AbortSignal): Promise<boolean>
  /** Tells the secondaries of a Master zone. */
  notify(name: string, signal: AbortSignal): Promise<void>
}

export function createPowerDnsClient(access: PowerDnsAccess): PowerDnsClient {
  const call = createCall(access)

  async function write(method: string, path: string, signal: AbortSignal, body?: unknown): Promise<void> {
    refuseFailed(await call(method, path, signal, body))
  }

  const pathOf = (name: string) => `/zones/${zoneId(name)}`

  return {
    server: async signal => readReply(await call('GET', '', signal), isServerInfo),
    zones: async signal => readReply(await call('GET', '/zones?dnssec=false', signal), areZoneSummaries),
    async summary(name, signal) {
      const path = `/zones?dnssec=false&zone=${encodeURIComponent(name)}`
      return readReply(await call('GET', path, signal), areZoneSummaries)[0]
    },
    async zone(name, signal) {
      const reply = await call('GET', pathOf(name), signal)
      return reply.status === 404 ? undefined : readReply(reply, isWholeZone)
    },
    async create(name, settings, sets, signal) {
      const zone = { name, ...settings, nameservers: [], soa_edit: '', rrsets: sets }
      const reply = await call('POST', '/zones?rrsets=false', signal, zone)
      if (reply.status === 409) return false
      refuseFailed(reply)
      return true
    },
    configure: (name, settings, signal) => write('PUT', pathOf(name), signal, settings),
    async change(name, changes, signal) {
      const reply = await call('PATCH', pathOf(name), signal, { rrsets: changes })
      if (reply.status === 404) return false
      refuseFailed(reply)
      return true
    },
    async delete(name, signal) {
      const reply = await call('DELETE', pathOf(name), signal)
      if (reply.status === 404) return false
      refuseFailed(reply)
      return true
    },
    notify: (name, signal) => write('PUT', `${pathOf(name)}/notify`, signal),
  }
}

/** As PowerDNS writes zone names in paths: `=2F` for the slashes of RFC 2317. */
function zoneId(name: string): string {
  return name.replace(/[^a-zA-Z0-9._-]/g, one => `=${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}
