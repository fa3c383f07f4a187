import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Type } from 'typebox'
import { expect, onTestFinished, test } from 'vitest'
import { testApp } from '../../test/app.ts'
import { waitFor } from '../../test/wait-for.ts'
import { openDatabase } from '../db/database.ts'
import { startEmbedded } from '../db/embedded/server.ts'
import { migrate } from '../db/migrate.ts'
import { enqueue, job, startWorker } from './index.ts'

test('a job whose end could not be written down, because the server crashed, runs again when it is back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'innkeeper-worker-'))
  const server = await startEmbedded(folder, { durable: false })
  await migrate(server.connection)
  const db = openDatabase(server.connection)
  const app = await testApp()
  let runs = 0
  const crashing = job({
    name: 'test.crashing',
    payload: Type.Object({}),
    async run() {
      if (runs++ === 0) process.kill(server.pid(), 'SIGKILL')
    },
  })
  const worker = await startWorker({ ...app, db }, server.connection, [crashing])
  onTestFinished(async () => {
    await worker.stop()
    await db.destroy()
    await server.stop()
    await app.close()
    await rm(folder, { recursive: true })
  })
  await db.transaction().execute(tx => enqueue(tx, crashing, {}))
  await waitFor(() => runs === 2)
  expect(runs).toBe(2)
}, 90_000) // jobs of a worker that is gone are looked for every 30 s
