import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exists } from './binaries.ts'
import { passwordVerifier } from './password.ts'
import { giveTo, type RunAs, runAs } from './run-as.ts'

/** The name of the superuser of the embedded server, and of our database in it. */
export const clusterName = 'innkeeper'

const staleMilliseconds = 3_600_000

export function clusterFolder(home: string): string {
  return join(home, 'pg-data')
}

/** Makes the data folder of the server unless it is there. It is complete or not there, also after a kill -9 meanwhile. */
export async function createCluster(
  home: string,
  binaries: string,
  user: RunAs,
  { durable, password }: { readonly durable: boolean; readonly password: string },
): Promise<string> {
  const data = clusterFolder(home)
  if (!(await exists(data))) {
    await removeStale(home)
    const temporary = `${data}.new-${randomBytes(4).toString('hex')}`
    await mkdir(temporary, { mode: 0o700 })
    await giveTo(user, temporary)
    const verifier = `${temporary}.verifier`
    await writeFile(verifier, passwordVerifier(password), { mode: 0o600 })
    await giveTo(user, verifier)
    await runAs(user, join(binaries, 'bin/initdb'), [
      `--pgdata=${temporary}`,
      `--username=${clusterName}`,
      '--auth=scram-sha-256',
      `--pwfile=${verifier}`,
      '--encoding=UTF8',
      // Sorting by PostgreSQL's own code: it changes with neither the system's libc nor the bundled, old ICU.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      ...(durable ? [] : ['--no-sync']),
    ])
    await rm(verifier)
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
    const found = await stat(path).catch(() => undefined) // whose it was has finished with it
    if (found !== undefined && Date.now() - found.mtimeMs > staleMilliseconds)
      await rm(path, { recursive: true, force: true })
  }
}
