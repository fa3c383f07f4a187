import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Type } from 'typebox'
import { expect, onTestFinished, test } from 'vitest'
import { testApp } from '../../test/app.ts'
import { waitFor } from '../../test/wait-for.ts'
import { openDatabase } from '../db/database.ts'
import { type EmbeddedServer, startEmbedded } from '../db/embedded/server.ts'
import { migrate } from '../db/migrate.ts'
import { enqueue, job, startWorker } from './index.ts'

test('jobs whose ends could not be written down, because PostgreSQL crashed, run again, and so do later ones', async () => {
  const { db, server, app } = await crashable()
  const runs = { crashing: 0, beside: 0, later: 0 }
  const crashing = job({
    name: 'test.crashing',
    payload: Type.Object({}),
    async run() {
      // Not before the other runs too: the queue has to fail to write down two ends at once.
      if (++runs.crashing > 1) return
      await waitFor(() => runs.beside === 1)
      crash(server)
      over()
    },
  })
  let over = () => {}
  const crashed = new Promise<void>(resolve => {
    over = resolve
  })
  const beside = job({
    name: 'test.beside',
    payload: Type.Object({}),
    async run() {
      runs.beside++
      await crashed
    },
  })
  const later = job({ name: 'test.later', payload: Type.Object({}), run: async () => void runs.later++ })
  const worker = await startWorker({ ...app, db }, server.connection, [crashing, beside, later])
  onTestFinished(() => worker.stop())
  await db.transaction().execute(async tx => {
    await enqueue(tx, crashing, {})
    await enqueue(tx, beside, {})
  })
  await waitFor(() => runs.crashing === 2 && runs.beside === 2)
  await db.transaction().execute(tx => enqueue(tx, later, {}))
  await waitFor(() => runs.later === 1)
  expect(runs).toEqual({ crashing: 2, beside: 2, later: 1 })
}, 90_000) // jobs of a worker that is gone are looked for every 30 s

/** A PostgreSQL of its own, which may crash, and an App of the server of the test run. */
async function crashable() {
  const folder = await mkdtemp(join(tmpdir(), 'innkeeper-worker-'))
  const server = await startEmbedded(folder, { durable: false })
  await migrate(server.connection)
  const db = openDatabase(server.connection)
  const app = await testApp()
  onTestFinished(async () => {
    await db.destroy()
    await server.stop()
    await app.close()
    await rm(folder, { recursive: true })
  })
  return { db, server, app }
}

/**
 * Kills every process of the cluster and returns when none is left: a backend that outlived its postmaster could still
 * write down what this test says could not be. Without a pause, so that this process starts no new server meanwhile.
 */
function crash(server: EmbeddedServer): void {
  const postmaster = server.pid()
  process.kill(postmaster, 'SIGSTOP') // it forks no more
  const cluster = [...childrenOf(postmaster), postmaster]
  for (const pid of cluster) process.kill(pid, 'SIGKILL')
  while (cluster.some(pid => 'RSDT'.includes(processOf(pid).state)));
}

function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name))
  return pids.map(Number).filter(pid => processOf(pid).parent === parent)
}

/** State '-': it is gone. */
function processOf(pid: number): { readonly state: string; readonly parent: number } {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state = '-', parent] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state, parent: Number(parent) }
  } catch {
    return { state: '-', parent: 0 }
  }
}
