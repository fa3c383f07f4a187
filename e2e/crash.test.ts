import { expect, test } from 'vitest'
import { curl, descendants, dig, eventually, newDataDir, type Program, removeDataDir, startProgram } from './program.ts'

interface Zone {
  readonly domain_id: string
  readonly service_id: string
}

const basicOf = ({ username, password }: Program) => `${username}:${password}`

async function zoneUrl(program: Program): Promise<string> {
  const list = await curl('-u', basicOf(program), `${program.api}/dns`)
  const [zone] = list.zones as Zone[] // the reply of listZones
  return `${program.api}/service/${zone?.service_id}/dns/${zone?.domain_id}`
}

/** Creates records from three sides until `count` are acknowledged, then kills; gives the names that were acknowledged. */
async function killedDuringCreates(program: Program, prefix: string, count: number, kill: () => Promise<void>) {
  const acknowledged: string[] = []
  const url = `${await zoneUrl(program)}/records`
  const headers = { authorization: `Basic ${btoa(basicOf(program))}`, 'content-type': 'application/json' }
  let alive = true
  const loop = async (worker: number) => {
    for (let n = 0; alive; n++) {
      const name = `${prefix}-${worker}-${n}`
      const answer = await fetch(url, {
        method: 'POST',
        headers,
        body: JSON.stringify({ name, type: 'A', content: '192.0.2.9', ttl: 60 }),
      }).catch(() => undefined)
      if (answer?.status === 200 && (await answer.json().catch(() => undefined)) !== undefined) acknowledged.push(name)
    }
  }
  const loops = [loop(1), loop(2), loop(3)]
  await eventually(
    async () => acknowledged.length,
    length => length >= count,
  )
  await kill()
  alive = false
  await Promise.all(loops)
  expect(acknowledged.length).toBeGreaterThanOrEqual(count)
  return acknowledged
}

/** Starts the program again: API and name server have every one of these names. */
async function expectKept(dataDir: string, acknowledged: readonly string[]): Promise<void> {
  const program = await startProgram({ dataDir })
  const detail = await curl('-u', basicOf(program), await zoneUrl(program))
  const kept = new Set((detail.records as { name: string }[]).map(record => record.name)) // the reply of getZone
  expect(acknowledged.filter(name => !kept.has(name))).toEqual([])
  for (const name of [...acknowledged.slice(0, 3), ...acknowledged.slice(-20)]) {
    const ask = () => dig(program.dnsPort, `${name}.example.test`, 'A')
    expect(await eventually(ask, lines => lines.length > 0), name).toEqual(['192.0.2.9'])
  }
  await program.stop()
}

test('kill -9 during a loop of record creates loses no acknowledged record, and the name server agrees after restart', async () => {
  const dataDir = await newDataDir()
  const acknowledged: string[] = []
  for (let round = 0; round < 3; round++) {
    const program = await startProgram({ dataDir })
    acknowledged.push(...(await killedDuringCreates(program, `r${round}`, 60, program.kill)))
  }
  await expectKept(dataDir, acknowledged)
  await removeDataDir(dataDir)
}, 120_000)

test('kill -9 of the program and its PostgreSQL at once loses no acknowledged record either', async () => {
  const dataDir = await newDataDir()
  const acknowledged: string[] = []
  for (let round = 0; round < 2; round++) {
    const program = await startProgram({ dataDir })
    const started = await descendants(program.process.pid ?? 0)
    expect(started.length).toBeGreaterThan(1) // the postmaster and its workers
    acknowledged.push(...(await killedDuringCreates(program, `r${round}`, 60, program.killAll)))
  }
  await expectKept(dataDir, acknowledged)
  await removeDataDir(dataDir)
}, 120_000)
