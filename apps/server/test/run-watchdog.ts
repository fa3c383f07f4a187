import { readdir, readFile, readlink, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning, readPostmaster, stopPostmaster } from '../src/db/embedded/postmaster.ts'

// What openRunFolder starts: waits until whoever started it is gone, ends what belongs to the folder of that run, and
// removes the folder.

const patienceMilliseconds = 30_000
const folder = process.argv[2] ?? ''
if (!/\/innkeeper-run-\w+$/.test(folder)) throw new Error(`${folder} is not the folder of a run`)

process.stdin.resume()
await new Promise(resolve => process.stdin.once('close', resolve))
// Twice with nothing found: a process may have been started by one that was just being ended.
for (let [quiet, end] = [0, Date.now() + patienceMilliseconds]; quiet < 2 && Date.now() < end; await sleep(50)) {
  const found = await processesOf(folder)
  quiet = found.length === 0 ? quiet + 1 : 0
  // A program starts its database again when that ends, so programs go first.
  for (const { pid } of found.filter(each => each.data === undefined)) killed(pid)
  await Promise.all(found.map(each => (each.data === undefined ? undefined : stopPostmaster(each, each.data))))
}
await rm(folder, { recursive: true, force: true, maxRetries: 5 })

/** A process of the run; `data` where it is a PostgreSQL server, which is stopped in order to leave no shared memory. */
interface Found {
  readonly pid: number
  readonly data?: string
}

async function processesOf(run: string): Promise<Found[]> {
  const pids = (await readdir('/proc')).map(Number).filter(pid => pid > 0 && pid !== process.pid)
  const found = await Promise.all(pids.map(pid => belonging(pid, run)))
  return found.filter(each => each !== undefined)
}

/** By its temporary folder, which is inherited, or as a PostgreSQL on data of the run. */
async function belonging(pid: number, run: string): Promise<Found | undefined> {
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '') // of a zombie, or not ours to read
  const server = cwd.startsWith(`${run}/`) ? await readPostmaster(cwd) : undefined
  if (server !== undefined) {
    if (server.pid === pid) return { pid, data: cwd }
    if (await isRunning(server, cwd)) return undefined // a server's own process, which goes with it
    return { pid }
  }
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
  return environment.split('\0').some(each => `${each}/`.startsWith(`TMPDIR=${run}/`)) ? { pid } : undefined
}

function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It went by itself.
  }
}
