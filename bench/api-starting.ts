import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ask, openClient } from './api-client.ts'
import { startProgram } from './api-program.ts'
import { residentMegabytes } from './nameserver-load.ts'
import type { Figure } from './report.ts'

const idleMilliseconds = 10_000

/** `npm start` until the first answer to a signed-in request, on empty data folders and on used ones; and what it takes at rest. */
export async function measureStarting() {
  const empty: number[] = []
  const warm: number[] = []
  const resident: number[] = []
  for (let round = 0; round < 2; round++) {
    const dataDir = await mkdtemp(join(tmpdir(), 'innkeeper-bench-'))
    empty.push((await start(dataDir, 0)).seconds)
    const again = await start(dataDir, idleMilliseconds)
    warm.push(again.seconds)
    resident.push(again.megabytes)
    await rm(dataDir, { recursive: true, force: true })
  }
  // Other work on the machine only ever makes it slower, so the better one is what the program takes.
  const figures: Figure[] = [
    { what: 's from npm start to the first answer, warm', value: Math.min(...warm), atMost: 5 },
    { what: 's from npm start to the first answer, empty data folder', value: Math.min(...empty), atMost: 15 },
    { what: 'MB resident at rest, 10 s after the start', value: Math.min(...resident), atMost: 200 },
  ]
  return { figures, details: { empty, warm, resident } }
}

async function start(dataDir: string, idle: number): Promise<{ seconds: number; megabytes: number }> {
  const began = performance.now()
  const program = await startProgram(dataDir)
  const { username, password } = program
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const client = openClient(program.api, { authorization })
  await ask(client, 'GET', '/dns')
  const seconds = (performance.now() - began) / 1000
  await pause(idle)
  const megabytes = await residentMegabytes(program.pid)
  await program.stop()
  return { seconds, megabytes }
}
