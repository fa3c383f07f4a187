import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { startEmbedded } from '../apps/server/src/db/embedded/server.ts'
import { openClient } from './api-client.ts'
import { type Customer, fillForReading } from './api-customer.ts'
import { loadHttp } from './api-load.ts'
import type { Program } from './api-program.ts'
import { type Figure, median } from './report.ts'

const rounds = 5
const seconds = 3
/** Those of npm start: what is compared is the program, not how much nursery Node is given. */
const nodeFlags = ['--max-semi-space-size=8']

/** Listing and zone detail beside bare routes that do the same, and Basic beside a token. */
export async function measureReading(program: Program, customer: Customer, dataDir: string) {
  const { list, zone, zoneId } = await fillForReading(customer)
  const postgres = await startEmbedded(dataDir) // joins the program's
  const bare = await startBare([
    JSON.stringify(postgres.connection),
    await accountOf(postgres.connection, customer.serviceId),
    customer.serviceId,
    zoneId,
  ])
  const token = { authorization: customer.bearer }
  const runs = {
    'list, bare': { url: bare.api + list, pid: bare.pid, headers: {} },
    'list, token': { url: program.api + list, pid: program.pid, headers: token },
    'list, Basic': { url: program.api + list, pid: program.pid, headers: { authorization: customer.basic } },
    'zone, bare': { url: bare.api + zone, pid: bare.pid, headers: {} },
    'zone, token': { url: program.api + zone, pid: program.pid, headers: token },
  }
  type Name = keyof typeof runs
  const names = Object.keys(runs) as Name[] // those above
  try {
    await mustBeEqual(bare.api, program.api, customer, [list, zone])
    for (const name of names) await loadHttp(runs[name], 2)
    const measured = new Map<Name, Awaited<ReturnType<typeof loadHttp>>[]>(names.map(name => [name, []]))
    for (let round = 0; round < rounds; round++) {
      for (const name of names) measured.get(name)?.push(await loadHttp(runs[name], seconds))
    }
    /** The middle one of the rounds' ratios: what else runs on the machine strikes single runs. */
    const ratio = (one: Name, other: Name, key: 'perSecond' | 'perCpuSecond') =>
      median((measured.get(one) ?? []).map((run, round) => run[key] / (measured.get(other)?.[round]?.[key] ?? 0)))
    const figures: Figure[] = [
      {
        what: 'GET /dns, 20 zones, token ÷ bare route, requests/s',
        value: ratio('list, token', 'list, bare', 'perSecond'),
        atLeast: 0.6,
      },
      {
        what: 'zone detail, 50 records, token ÷ bare route, requests/s',
        value: ratio('zone, token', 'zone, bare', 'perSecond'),
        atLeast: 0.6,
      },
      {
        what: 'GET /dns, Basic ÷ token, requests/s',
        value: ratio('list, Basic', 'list, token', 'perSecond'),
        atLeast: 0.9,
      },
      {
        what: 'GET /dns, token ÷ bare route, requests per CPU second',
        value: ratio('list, token', 'list, bare', 'perCpuSecond'),
      },
      {
        what: 'zone detail, token ÷ bare route, requests per CPU second',
        value: ratio('zone, token', 'zone, bare', 'perCpuSecond'),
      },
      {
        what: 'GET /dns, Basic ÷ token, requests per CPU second',
        value: ratio('list, Basic', 'list, token', 'perCpuSecond'),
      },
    ]
    const details = names.map(name => ({
      name,
      perSecond: Math.round(median((measured.get(name) ?? []).map(run => run.perSecond))),
      perCpuSecond: Math.round(median((measured.get(name) ?? []).map(run => run.perCpuSecond))),
    }))
    return { figures, details }
  } finally {
    await bare.stop()
    await postgres.stop()
  }
}

async function accountOf(connection: pg.ClientConfig, serviceId: string): Promise<string> {
  const client = new pg.Client(connection)
  await client.connect()
  const { rows } = await client.query<{ account_id: string }>('select account_id from service where id = $1', [
    serviceId,
  ])
  await client.end()
  return rows[0]?.account_id ?? ''
}

async function startBare(words: readonly string[]) {
  const child = spawn(process.execPath, [...nodeFlags, '--import', 'tsx', 'bench/api-bare.ts', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: join(import.meta.dirname, '..'),
  })
  for await (const line of createInterface(child.stdout)) {
    const { url } = JSON.parse(line) as { url: string } // it prints nothing else
    const stop = async () => {
      const ended = once(child, 'exit')
      child.kill()
      await ended
    }
    return { api: `${url}/api`, pid: child.pid ?? 0, stop }
  }
  throw new Error('the bare routes did not start')
}

/** The comparison means something only if both send the same. */
async function mustBeEqual(bare: string, whole: string, customer: Customer, paths: readonly string[]): Promise<void> {
  const [one, other] = [openClient(bare, {}), openClient(whole, { authorization: customer.bearer })]
  for (const path of paths) {
    const answers = [await one.send('GET', path), await other.send('GET', path)].map(answer => answer.text)
    if (answers[0] !== answers[1]) throw new Error(`${path}: not the same\n${answers.join('\n')}`)
  }
}
