import { DriverError } from '../../kit/driver-error.ts'
import { readAtMost } from '../../kit/read-at-most.ts'

/** Where a PowerDNS is and how to get in. */
export interface PowerDnsAccess {
  /** Of its web server, such as `http://127.0.0.1:8081`. */
  readonly url: string
  readonly apiKey: string
  readonly serverId: string
}

export interface Reply {
  readonly status: number
  readonly body: string
}

/** A short write that meets another one ends with 500; PowerDNS does not say why. */
const attempts = 8
const firstPause = 10
const longestReason = 500
/** In bytes; room for a zone of a million records. */
const longestAnswer = 256 * 1024 * 1024

/**
 * One call of the API, below the server's own path. Resolves with what PowerDNS thinks of it, refusals too; throws a DriverError
 * where it did not think at all.
 */
export type Call = (method: string, path: string, signal: AbortSignal, body?: unknown) => Promise<Reply>

/** Throws a DriverError `misconfigured` for an address that is none. */
export function createCall(access: PowerDnsAccess): Call {
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
      return { status: response.status, body: await readAtMost(longestAnswer, response) }
    } catch (error) {
      throw signal.aborted ? timedOut(error) : unreachable(error)
    }
  }

  // Every call may be repeated, as each says what is wanted in the end.
  return async (method, path, signal, body) => {
    for (let attempt = 1, pause = firstPause; ; attempt++, pause *= 2) {
      const reply = await exchange(method, path, body, signal)
      if (reply.status < 500) return accepted(reply, access)
      if (attempt === attempts) {
        throw new DriverError('unavailable', `PowerDNS answers ${reply.status} to ${method}: ${reasonOf(reply)}`)
      }
      await rest(pause, signal)
    }
  }
}

/** Answers 404 itself, which means a missing zone to some calls; 401 and the like never reach them. */
function accepted(reply: Reply, access: PowerDnsAccess): Reply {
  const { status } = reply
  if (status === 401 || status === 403) {
    throw new DriverError('misconfigured', 'PowerDNS refuses the API key: compare it with api-key in pdns.conf')
  }
  if (status >= 300 && status < 400) {
    throw new DriverError('misconfigured', `${access.url} redirects; give the address of PowerDNS itself`)
  }
  return reply
}

function baseUrl(url: string): string {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new DriverError('misconfigured', 'the address of PowerDNS is a URL such as http://127.0.0.1:8081')
  }
  return url.replace(/\/+$/, '')
}

/** Throws a DriverError for an answer that is none: `refused` with the reason of PowerDNS, `misconfigured` if it is not there. */
export function refuseFailed(reply: Reply): void {
  if (reply.status === 404) {
    const remedy = 'set api=yes in pdns.conf, and check address and server id'
    throw new DriverError('misconfigured', `the API of PowerDNS is not at this address: ${remedy}`)
  }
  if (reply.status >= 400) throw new DriverError('refused', `PowerDNS refuses: ${reasonOf(reply)}`)
}

/** Whether an answer has the form that we rely on. */
export type Form<T> = (value: unknown) => value is T

/** What a call answered; a DriverError if it has another form. */
export function readReply<T>(reply: Reply, hasForm: Form<T>): T {
  const value = readJson(reply)
  if (!hasForm(value)) throw notPowerDns()
  return value
}

function readJson(reply: Reply): unknown {
  refuseFailed(reply)
  try {
    return JSON.parse(reply.body)
  } catch (error) {
    throw notPowerDns(error)
  }
}

function notPowerDns(cause?: unknown): DriverError {
  return new DriverError('misconfigured', 'what answers is not PowerDNS: check the address', { cause })
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
