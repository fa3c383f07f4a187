import { setTimeout as pause } from 'node:timers/promises'
import { type Client, openClient } from './api-client.ts'
import { addZone, type Customer, recordsPath } from './api-customer.ts'
import type { Program } from './api-program.ts'
import { openResolver } from './api-resolver.ts'
import { type Figure, p99 } from './report.ts'

const zoneCount = 50
const connections = 20
const createsPerSecond = 200
const seconds = 10
const giveUpMilliseconds = 15_000

/** A steady stream of creates over many zones, each followed until the name server on `dnsPort` answers for it. */
export async function measurePublishing(name: string, program: Program, customer: Customer, dnsPort: number) {
  const origin = 'published.example'
  const paths: string[] = []
  for (let zone = 0; zone < zoneCount; zone++)
    paths.push(recordsPath(customer, await addZone(customer, `z${zone}.${origin}`)))
  await pause(2000)
  const resolver = await openResolver(dnsPort)
  const clients = Array.from({ length: connections }, () => openClient(program.api, { authorization: customer.bearer }))
  const answered: number[] = []
  const published: number[] = []
  const following: Promise<void>[] = []
  let errors = 0

  async function create(client: Client, index: number): Promise<void> {
    const zone = index % zoneCount
    const sent = performance.now()
    const record = { name: `r${index}`, type: 'A', content: `198.51.100.${index % 256}` }
    const { status } = await client.send('POST', paths[zone] ?? '', record).catch(() => ({ status: 0 }))
    const done = performance.now()
    if (status < 200 || status > 299) {
      errors++
      return
    }
    answered.push(done - sent)
    following.push(follow(`r${index}.z${zone}.${origin}`, done))
  }
  async function follow(owner: string, since: number): Promise<void> {
    for (let wait = 5; performance.now() - since < giveUpMilliseconds; wait = Math.min(wait * 1.5, 50)) {
      if (await resolver.hasAddress(owner)) return void published.push(performance.now() - since)
      await pause(wait)
    }
  }

  const began = performance.now()
  const total = createsPerSecond * seconds
  await Promise.all(
    clients.map(async (client, lane) => {
      for (let index = lane; index < total; index += connections) {
        // Each has its time; a client that is late sends at once.
        const due = began + (index * 1000) / createsPerSecond
        if (due > performance.now()) await pause(due - performance.now())
        await create(client, index)
      }
    }),
  )
  const took = (performance.now() - began) / 1000
  await Promise.all(following)
  resolver.close()
  const told = `${createsPerSecond} creates/s, ${name}`
  const figures: Figure[] = [
    { what: `${told}: creates/s reached`, value: total / took, atLeast: createsPerSecond * 0.95 },
    { what: `${told}: errors`, value: errors, atMost: 0 },
    { what: `${told}: never answered by DNS`, value: total - errors - published.length, atMost: 0 },
    { what: `${told}: ms from the 2xx to the DNS answer, p99`, value: p99(published), atMost: 1000 },
    { what: `${told}: ms of a create, p99`, value: p99(answered) },
  ]
  return figures
}
