import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { sampleQuestions, sampleZones } from './nameserver-zones.ts'

/** A server under load, alone on the first core. */
export interface Target {
  readonly name: string
  readonly pid: number
  readonly port: number
  /** File of dnsperf's. */
  readonly questions: string
  stop(): Promise<void>
}

const questionLines = 200_000
const schema = '/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql'

/** Starts one of our own programs, which says its port in a line of JSON. */
export async function startProgram(name: string, folder: string, zones: number, words: string[]): Promise<Target> {
  const child = spawn('taskset', ['-c', '0', process.execPath, '--import', 'tsx', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: join(import.meta.dirname, '..'),
  })
  for await (const line of createInterface({ input: child.stdout })) {
    // The programs print nothing else.
    const { port } = JSON.parse(line) as { port: number }
    return target(name, child, port, questionFile(folder, zones))
  }
  throw new Error(`${name} did not start`)
}

/** PowerDNS with the same zones in SQLite, its caches as they come. */
export async function startPowerDns(folder: string, zones: number, records: number): Promise<Target> {
  const port = await freePort()
  const database = join(folder, 'pdns.sqlite3')
  const sql = [`.read ${schema}`, 'pragma synchronous=off;', 'begin;']
  let id = 0
  for (const zone of sampleZones(zones, records)) {
    id++
    sql.push(`insert into domains (id, name, type) values (${id}, '${zone.name}', 'NATIVE');`)
    const soa = `${zone.primary}. ${zone.mailbox}. 1 10800 3600 604800 300`
    sql.push(insert(id, zone.name, 'SOA', soa, zone.soaTtlSeconds, 0))
    for (const { name, type, data, ttlSeconds } of zone.records) {
      const [, priority = '0', rest = data] = type === 'MX' ? (/^(\d+) (.+)$/.exec(data) ?? []) : []
      sql.push(insert(id, name, type, rest.replace(/\.$/, ''), ttlSeconds, Number(priority)))
    }
  }
  sql.push('commit;', 'analyze;')
  execFileSync('sqlite3', [database], { input: sql.join('\n') })
  const options = {
    'config-dir': folder,
    'socket-dir': folder,
    launch: 'gsqlite3',
    'gsqlite3-database': database,
    'local-address': '127.0.0.1',
    'local-port': String(port),
    'receiver-threads': '1',
    daemon: 'no',
    guardian: 'no',
    'zone-cache-refresh-interval': '300',
    loglevel: '3',
  }
  const words = Object.entries(options).map(([name, value]) => `--${name}=${value}`)
  const child = spawn('taskset', ['-c', '0', 'pdns_server', ...words], { stdio: 'ignore' })
  await new Promise(resolve => setTimeout(resolve, 2000))
  if (child.exitCode !== null) throw new Error('PowerDNS did not start')
  return target('PowerDNS', child, port, questionFile(folder, zones))
}

function insert(zone: number, name: string, type: string, content: string, ttl: number, priority: number): string {
  const values = [zone, `'${name}'`, `'${type}'`, `'${content}'`, ttl, priority, 1].join(', ')
  return `insert into records (domain_id, name, type, content, ttl, prio, auth) values (${values});`
}

function target(name: string, child: ChildProcess, port: number, questions: string): Target {
  const exited = new Promise<void>(resolve => child.on('exit', () => resolve()))
  if (child.pid === undefined) throw new Error(`${name} did not start`)
  return {
    name,
    pid: child.pid,
    port,
    questions,
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

function questionFile(folder: string, zones: number): string {
  const file = join(folder, `questions-${zones}.txt`)
  writeFileSync(file, sampleQuestions(zones, questionLines))
  return file
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
