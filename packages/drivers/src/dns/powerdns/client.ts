import { DriverError } from '../../kit/driver-error.ts'
import type { RecordSet } from './record-sets.ts'

/** Where a PowerDNS is and how to get in. */
export interface PowerDnsAccess {
  /** Of its web server, such as `http://127.0.0.1:8081`. */
  readonly url: string
  readonly apiKey: string
  readonly serverId: string
}

/** What PowerDNS says of itself. */
export interface ServerInfo {
  readonly daemon_type: string
  readonly version: string
}

/** What PowerDNS says of a zone without reading its records. */
export interface ZoneSummary {
  /** With the last dot. */
  readonly name: string
  readonly account: string
  readonly serial: number
}

export interface ZoneSettings {
  readonly account: string
  readonly kind: string
  /** Empty leaves our serial alone; anything else makes PowerDNS count by itself. */
  readonly soa_edit_api: string
  /** Enters names that only have names below them; without it these would not exist (NXDOMAIN) instead of being empty. */
  readonly api_rectify: boolean
}

export interface WholeZone extends ZoneSettings {
  readonly rrsets: readonly RecordSet[]
}

/** A record set of a PATCH; DELETE needs neither TTL nor records. */
export type SetChange =
  | (RecordSet & { readonly changetype: 'REPLACE' })
  | { readonly name: string; readonly type: string; readonly changetype: 'DELETE' }

/** The calls of PowerDNS' HTTP API that we use, names with the last dot. Each throws a DriverError, and obeys the signal. */
export interface PowerDnsClient {
  server(signal: AbortSignal): Promise<ServerInfo>
  zones(signal: AbortSignal): Promise<ZoneSummary[]>
  summary(name: string, signal: AbortSignal): Promise<ZoneSummary | undefined>
  /** Undefined where there is no such zone; so for the others that answer a boolean: false. */
  zone(name: string, signal: AbortSignal): Promise<WholeZone | undefined>
  create(name: string, settings: ZoneSettings, sets: readonly RecordSet[], signal: AbortSignal): Promise<void>
  configure(name: string, settings: ZoneSettings, signal: AbortSignal): Promise<void>
  change(name: string, changes: readonly SetChange[], signal: AbortSignal): Promise<boolean>
  delete(name: string, signal: AbortSignal): Promise<boolean>
  /** Tells the secondaries of a Master zone. */
  notify(name: string, signal: AbortSignal): Promise<void>
}

interface Reply {
  readonly status: number
  readonly body: string
}

/** A short write that meets another one ends with 500; PowerDNS does not say why. */
const attempts = 8
const firstPause = 10
const longestReason = 500

export function createPowerDnsClient(access: PowerDnsAccess): PowerDnsClient {
  const server = `${baseUrl(access.url)}/api/v1/servers/${encodeURIComponent(access.serverId)}`

  async function exchange(method: string, path: string, body: unknown, signal: AbortSignal): Promise<Reply> {
    try {
      const response = await fetch(server + path, {
        method,
        // The key must not follow a redirect to somebody else.
        redirect: 'manual',
        headers: { 'X-API-Key': access.apiKey, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal,
      })
      return { status: response.status, body: await response.text() }
    } catch (error) {
      throw signal.aborted ? timedOut(error) : unreachable(error)
    }
  }

  /** Every call may be repeated, as each says what is wanted in the end. */
  async function call(method: string, path: string, signal: AbortSignal, body?: unknown): Promise<Reply> {
    for (let attempt = 1, pause = firstPause; ; attempt++, pause *= 2) {
      const reply = await exchange(method, path, body, signal)
      if (reply.status < 500) return accepted(reply)
      if (attempt === attempts) {
        throw new DriverError('unavailable', `PowerDNS answers ${reply.status} to ${method}: ${reasonOf(reply)}`)
      }
      await rest(pause, signal)
    }
  }

  /** Answers 404 itself, which means a missing zone to some calls; 401 and the like never reach them. */
  function accepted(reply: Reply): Reply {
    const { status } = reply
    if (status === 401 || status === 403) {
      throw new DriverError('misconfigured', 'PowerDNS refuses the API key: compare it with api-key in pdns.conf')
    }
    if (status >= 300 && status < 400) {
      throw new DriverError('misconfigured', `${access.url} redirects; give the address of PowerDNS itself`)
    }
    return reply
  }

  async function write(method: string, path: string, signal: AbortSignal, body?: unknown): Promise<void> {
    refuseFailed(await call(method, path, signal, body))
  }

  const pathOf = (name: string) => `/zones/${zoneId(name)}`

  return {
    async server(signal) {
      const reply = await call('GET', '', signal)
      if (reply.status === 404) {
        const what = `there is no PowerDNS API for the server ${access.serverId} at ${access.url}`
        throw new DriverError('misconfigured', `${what}: set api=yes in pdns.conf and check the address`)
      }
      return read<ServerInfo>(reply)
    },
    zones: async signal => read<ZoneSummary[]>(await call('GET', '/zones?dnssec=false', signal)),
    async summary(name, signal) {
      const path = `/zones?dnssec=false&zone=${encodeURIComponent(name)}`
      return read<ZoneSummary[]>(await call('GET', path, signal))[0]
    },
    async zone(name, signal) {
      const reply = await call('GET', pathOf(name), signal)
      return reply.status === 404 ? undefined : read<WholeZone>(reply)
    },
    create: (name, settings, sets, signal) =>
      write('POST', '/zones?rrsets=false', signal, { name, ...settings, nameservers: [], soa_edit: '', rrsets: sets }),
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

function baseUrl(url: string): string {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new DriverError('misconfigured', 'the address of PowerDNS is a URL such as http://127.0.0.1:8081')
  }
  return url.replace(/\/+$/, '')
}

/** As PowerDNS writes zone names in paths: `=2F` for the slashes of RFC 2317. */
function zoneId(name: string): string {
  return name.replace(/[^a-zA-Z0-9._-]/g, one => `=${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}

function refuseFailed(reply: Reply): void {
  if (reply.status >= 400) throw new DriverError('refused', `PowerDNS refuses: ${reasonOf(reply)}`)
}

function read<T>(reply: Reply): T {
  refuseFailed(reply)
  try {
    // The documented form of the answer; what is not PowerDNS hardly speaks JSON and takes our key.
    return JSON.parse(reply.body) as T
  } catch (error) {
    throw new DriverError('misconfigured', 'what answers is not PowerDNS: check the address', { cause: error })
  }
}

function reasonOf({ body }: Reply): string {
  const reason = /^\s*\{.*"error": *"((?:[^"\\]|\\.)*)"/s.exec(body)?.[1]
  return (reason ?? body).slice(0, longestReason)
}

function timedOut(cause: unknown): DriverError {
  return new DriverError('timeout', 'PowerDNS did not answer in time', { cause })
}

function unreachable(cause: unknown): DriverError {
  const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause)
  return new DriverError('unavailable', `PowerDNS cannot be reached: ${why}`, { cause })
}

function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(timedOut(signal.reason))
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}
