import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

/** A PowerDNS of its own, as Debian ships it, on loopback with an empty SQLite database. */
export interface PowerDnsServer {
  readonly url: string
  readonly apiKey: string
  /** For UDP and TCP on 127.0.0.1. */
  readonly dnsPort: number
  /** Ends it and deletes its folder. */
  stop(): Promise<void>
}

const schema = '/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql'
const startAttempts = 3
const readyMilliseconds = 15_000

/** Starts it and waits until it answers. `settings` go into pdns.conf over ours. Throws where it is not installed. */
export async function startPowerDns(settings: Readonly<Record<string, string>> = {}): Promise<PowerDnsServer> {
  await access(schema).catch(() => {
    throw new Error('PowerDNS is not installed: apt-get install pdns-server pdns-backend-sqlite3 sqlite3')
  })
  for (let attempt = 1; ; attempt++) {
    const folder = await mkdtemp(join(tmpdir(), 'innkeeper-powerdns-'))
    try {
      return await startIn(folder, settings)
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      // Somebody else may have taken a port after we found it free.
      if (attempt === startAttempts || !/in use/i.test(String(error))) throw error
    }
  }
}

async function startIn(folder: string, settings: Readonly<Record<string, string>>): Promise<PowerDnsServer> {
  const database = join(folder, 'zones.sqlite3')
  await promisify(execFile)('sqlite3', [database, await readFile(schema, 'utf8')])
  const apiKey = randomBytes(16).toString('hex')
  const [dnsPort, webPort] = [await freePort(), await freePort()]
  const all: Record<string, string> = {
    launch: 'gsqlite3',
    'gsqlite3-database': database,
    // Nothing here is to outlive the machine.
    'gsqlite3-pragma-synchronous': '0',
    'local-address': '127.0.0.1',
    'local-port': String(dnsPort),
    api: 'yes',
    'api-key': apiKey,
    webserver: 'yes',
    'webserver-address': '127.0.0.1',
    'webserver-port': String(webPort),
    'webserver-allow-from': '127.0.0.1',
    'cache-ttl': '0',
    'query-cache-ttl': '0',
    'negquery-cache-ttl': '0',
    'socket-dir': folder,
    // It would ask the world whether it is up to date.
    'security-poll-suffix': '',
    'disable-syslog': 'yes',
    daemon: 'no',
    guardian: 'no',
    ...settings,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}=${value}\n`)
  await writeFile(join(folder, 'pdns.conf'), lines.join(''))
  // It ends with us, even if we are killed.
  const command = ['--pdeathsig', 'TERM', 'pdns_server', `--config-dir=${folder}`]
  const child = spawn('setpriv', command, { stdio: ['ignore', 'pipe', 'pipe'] })
  const stop = async () => {
    await end(child)
    await rm(folder, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${webPort}`
  try {
    await ready(child, url)
  } catch (error) {
    await end(child)
    throw error
  }
  return { url, apiKey, dnsPort, stop }
}

/** Resolves when the API answers, which PowerDNS begins after it bound the DNS port; fails with its log if it ends before. */
async function ready(child: ChildProcess, url: string): Promise<void> {
  let log = ''
  let ended: string | undefined
  const collect = (text: Buffer) => {
    log = (log + text).slice(-4000)
  }
  child.stdout?.on('data', collect)
  child.stderr?.on('data', collect)
  child.once('error', error => {
    ended = String(error)
  })
  child.once('exit', code => {
    ended = `code ${code}`
  })
  for (const began = performance.now(); performance.now() - began < readyMilliseconds; ) {
    if (ended !== undefined) throw new Error(`PowerDNS ended (${ended}):\n${log}`)
    const response = await fetch(`${url}/api/v1/servers`).catch(() => undefined)
    if (response?.status === 401 && /ready to distribute questions/.test(log)) return
    await pause(20)
  }
  throw new Error(`PowerDNS did not get ready:\n${log}`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 3000)
  await gone
  clearTimeout(late)
}

/** A port that is free for UDP and TCP alike. */
async function freePort(): Promise<number> {
  for (;;) {
    const tcp = createServer()
    await new Promise<void>((resolve, reject) => tcp.once('error', reject).listen(0, '127.0.0.1', resolve))
    const address = tcp.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const udp = createSocket('udp4')
    const free = await new Promise<boolean>(resolve =>
      udp.once('error', () => resolve(false)).bind(port, '127.0.0.1', () => resolve(true)),
    )
    await new Promise<void>(resolve => udp.close(() => resolve()))
    await new Promise(resolve => tcp.close(resolve))
    if (free) return port
  }
}
