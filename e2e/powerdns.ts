import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { eventually, run } from './program.ts'

/** A PowerDNS as Debian ships it (packages pdns-server, pdns-backend-sqlite3 and sqlite3), on loopback. */
export interface PowerDns {
  readonly url: string
  readonly apiKey: string
  readonly dnsPort: number
  /** Ends it and starts it again on the same ports, with a database that has nothing. */
  startEmpty(): Promise<void>
  stop(): Promise<void>
}

const schema = '/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql'

export async function startPowerDns(): Promise<PowerDns> {
  const folder = await mkdtemp(join(tmpdir(), 'innkeeper-e2e-powerdns-'))
  const [dnsPort, webPort, apiKey] = [await freePort(), await freePort(), 'a key for tests']
  const url = `http://127.0.0.1:${webPort}`
  await writeFile(join(folder, 'pdns.conf'), configuration(folder, dnsPort, webPort, apiKey))
  let child = await start(folder, url)
  return {
    url,
    apiKey,
    dnsPort,
    async startEmpty() {
      await end(child)
      child = await start(folder, url)
    },
    async stop() {
      await end(child)
      await rm(folder, { recursive: true })
    },
  }
}

function configuration(folder: string, dnsPort: number, webPort: number, apiKey: string): string {
  return `
launch=gsqlite3
gsqlite3-database=${folder}/zones.sqlite3
local-address=127.0.0.1
local-port=${dnsPort}
api=yes
api-key=${apiKey}
webserver=yes
webserver-address=127.0.0.1
webserver-port=${webPort}
cache-ttl=0
query-cache-ttl=0
negquery-cache-ttl=0
socket-dir=${folder}
# It would ask the world whether it is up to date.
security-poll-suffix=
disable-syslog=yes
daemon=no
guardian=no
`
}

async function start(folder: string, url: string): Promise<ChildProcess> {
  const database = join(folder, 'zones.sqlite3')
  await rm(database, { force: true })
  await run('sqlite3', [database, await readFile(schema, 'utf8')])
  // It ends with us, even if we are killed.
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', 'pdns_server', `--config-dir=${folder}`], { stdio: 'ignore' })
  const answers = () =>
    fetch(url).then(
      () => true,
      () => false,
    )
  if (await eventually(answers, yes => yes)) return child
  await end(child)
  throw new Error('PowerDNS does not answer')
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}
