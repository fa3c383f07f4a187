import { expect, test } from 'vitest'
import { curl, dig, eventually, newDataDir, removeDataDir, startProgram } from './program.ts'

test('kill -9 during a loop of record creates loses no acknowledged record, and the name server agrees after restart', async () => {
  const dataDir = await newDataDir()
  const acknowledged: string[] = []
  for (let round = 0; round < 3; round++) {
    const program = await startProgram({ dataDir })
    const headers = {
      authorization: `Basic ${btoa(`${program.username}:${program.password}`)}`,
      'content-type': 'application/json',
    }
    const list = (await (await fetch(`${program.api}/dns`, { headers })).json()) as {
      zones: { domain_id: string; service_id: string }[]
    }
    const [zone] = list.zones
    const url = `${program.api}/service/${zone?.service_id}/dns/${zone?.domain_id}/records`
    let alive = true
    const loop = async (worker: number) => {
      for (let n = 0; alive; n++) {
        const name = `r${round}-${worker}-${n}`
        const answer = await fetch(url, {
          method: 'POST',
          headers,
          body: JSON.stringify({ name, type: 'A', content: '192.0.2.9', ttl: 60 }),
        }).catch(() => undefined)
        if (answer?.status === 200 && (await answer.json().catch(() => undefined)) !== undefined)
          acknowledged.push(name)
      }
    }
    const loops = [loop(1), loop(2), loop(3)]
    await eventually(
      async () => acknowledged.length,
      count => count >= (round + 1) * 60,
    )
    await program.kill()
    alive = false
    await Promise.all(loops)
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(180)

  const program = await startProgram({ dataDir })
  const { zones } = (await curl('-u', `${program.username}:${program.password}`, `${program.api}/dns`)) as {
    zones: { domain_id: string; service_id: string }[]
  }
  const detail = (await curl(
    ...['-u', `${program.username}:${program.password}`],
    `${program.api}/service/${zones[0]?.service_id}/dns/${zones[0]?.domain_id}`,
  )) as { records: { name: string }[] }
  const kept = new Set(detail.records.map(record => record.name))
  expect(acknowledged.filter(name => !kept.has(name))).toEqual([])
  for (const name of [...acknowledged.slice(0, 3), ...acknowledged.slice(-20)]) {
    const ask = () => dig(program.dnsPort, `${name}.example.test`, 'A')
    expect(await eventually(ask, lines => lines.length > 0), name).toEqual(['192.0.2.9'])
  }
  await program.stop()
  await removeDataDir(dataDir)
}, 120_000)
