import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  isRunning,
  type LaunchOptions,
  launch,
  type Postmaster,
  probe,
  readPostmaster,
  stopPostmaster,
} from './postmaster.ts'

/** For a server that recovers a lot of changes after a crash. */
const startMilliseconds = 600_000
/** How long a server that lives may say nothing before it is taken for stuck. */
const silenceMilliseconds = 4_000
/** How long processes of a server killed a moment ago may be in the way of the next. */
const remainsMilliseconds = 10_000
const inTheWay = /lock file "postmaster\.pid"|pre-existing shared memory block/

/**
 * Gets a server that answers for this data: the one that runs already (left by a process that was killed, or shared
 * with one that lives), or a new one. Several processes may do this at the same time; one server comes of it.
 */
export async function obtainServer(options: LaunchOptions): Promise<Postmaster> {
  const begin = Date.now()
  let child: ChildProcess | undefined
  let silentSince: number | undefined
  let gone = begin // when the last server that was there went, as far as we know
  for (;;) {
    const found = await readPostmaster(options.data)
    if (found !== undefined && (await isRunning(found, options.data))) {
      const state = await probe(found, options.password).catch(async error => {
        // Nobody can use a server that we started with the wrong password.
        if (child !== undefined && !hasEnded(child)) await stopPostmaster(found, options.data)
        throw error
      })
      if (state === 'ready') return found
      silentSince = state === 'silent' ? (silentSince ?? Date.now()) : undefined
      if (silentSince !== undefined && Date.now() - silentSince > silenceMilliseconds) {
        await stopPostmaster(found, options.data)
        silentSince = undefined
        gone = Date.now()
      }
    } else if (child === undefined) {
      child = launch(options, found?.pid)
      child.once('error', () => {}) // seen as an exit below
    }
    if (child !== undefined && hasEnded(child)) {
      const tail = options.log.tail()
      if (!inTheWay.test(tail) || Date.now() - gone > remainsMilliseconds) throw failure(options, tail)
      child = undefined
      await sleep(200)
    }
    if (Date.now() - begin > startMilliseconds) throw failure(options, options.log.tail())
    await sleep(15)
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null
}

function failure({ log }: LaunchOptions, tail: string): Error {
  return new Error(`the embedded PostgreSQL did not start. The last lines of ${log.path}:\n${tail}`)
}
