import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { exists } from './binaries.ts'
import { giveTo, type RunAs, runAs } from './run-as.ts'

/** The name of the superuser of the embedded server, and of our database in it. */
export const clusterName = 'innkeeper'

const staleMilliseconds = 3_600_000

/** Makes the data folder of the server unless it is there. It is complete or not there, also after a kill -9 meanwhile. */
export async function createCluster(home: string, binaries: string, user: RunAs, durable: boolean): Promise<string> {
  const data = join(home, 'pg-data')
  if (!(await exists(data))) {
    await removeStale(home)
    const temporary = `${data}.new-${randomBytes(4).toString('hex')}`
    await mkdir(temporary, { mode: 0o700 })
    await giveTo(user, temporary)
    await runAs(user, join(binaries, 'bin/initdb'), [
      `--pgdata=${temporary}`,
      `--username=${clusterName}`,
      '--auth=trust', // reached by a socket in a folder of mode 0700 only
      '--encoding=UTF8',
      // Sorting by PostgreSQL's own code: it changes with neither the system's libc nor the bundled, old ICU.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      ...(durable ? [] : ['--no-sync']),
    ])
    // Whoever was quicker made the same folder.
    await rename(temporary, data).catch(() => rm(temporary, { recursive: true }))
  }
  await checkVersion(data, binaries, user)
  return data
}

async function checkVersion(data: string, binaries: string, user: RunAs): Promise<void> {
  const made = (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim()
  const brought = /(\d+)/.exec(await runAs(user, join(binaries, 'bin/postgres'), ['--version']))?.[1]
  if (made === brought) return
  throw new Error(
    `the database in ${data} was made by PostgreSQL ${made}, and this version of Innkeeper brings ${brought}. Export it with the version that made it, and import the export into an empty data folder.`,
  )
}

async function removeStale(home: string): Promise<void> {
  for (const name of (await readdir(home)).filter(entry => entry.startsWith('pg-data.new-'))) {
    const path = join(home, name)
    if (Date.now() - (await stat(path)).mtimeMs > staleMilliseconds) await rm(path, { recursive: true, force: true })
  }
}
