import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { canEnter, nobody, type RunAs } from './run-as.ts'

/** Where a data folder says that its database is somewhere else. */
export const pointerName = 'postgres-folder'

/**
 * The folder that holds the server's binaries, data and log: the data folder itself, or, when the server's user cannot
 * reach that (root's own home folder, for one), a folder below `elsewhere` that the data folder points to.
 */
export async function findHome(dataFolder: string, elsewhere = '/var/lib/innkeeper'): Promise<string> {
  await mkdir(dirname(dataFolder), { recursive: true })
  await mkdir(dataFolder, { recursive: true, mode: 0o750 })
  const pointed = await readPointer(dataFolder)
  if (pointed !== undefined) {
    await stat(pointed).catch(cause => {
      throw new Error(`the database of ${dataFolder} is in ${pointed}, which is not there any more`, { cause })
    })
    return pointed
  }
  if (process.getuid?.() !== 0) return dataFolder
  await letIn(nobody, dataFolder)
  if (await canEnter(nobody, dataFolder)) return dataFolder
  return makeElsewhere(dataFolder, elsewhere)
}

/** The folder the data folder points to, if it does. */
export async function readPointer(dataFolder: string): Promise<string | undefined> {
  const text = await readFile(join(dataFolder, pointerName), 'utf8').catch(() => undefined)
  return text?.trim()
}

/** Lets the server's group through a folder that is root's alone (mktemp -d makes such), and nobody else. */
async function letIn(user: NonNullable<RunAs>, folder: string): Promise<void> {
  const { uid, gid, mode } = await stat(folder)
  if (uid !== 0 || gid !== 0 || (mode & 0o001) !== 0) return
  await chown(folder, 0, user.gid)
  await chmod(folder, (mode & 0o707) | 0o010)
}

async function makeElsewhere(dataFolder: string, elsewhere: string): Promise<string> {
  const advice = `Choose a data folder that user ${nobody.uid} can reach, or set DATABASE_URL.`
  const home = join(elsewhere, randomBytes(8).toString('hex'))
  try {
    const made = await mkdir(home, { recursive: true })
    if (made === elsewhere) await chmod(elsewhere, 0o755)
    await chmod(home, 0o755)
  } catch (cause) {
    throw new Error(
      `PostgreSQL does not run as root, and its user cannot reach ${dataFolder}, nor could ${home} be made. ${advice}`,
      { cause },
    )
  }
  if (!(await canEnter(nobody, home))) {
    throw new Error(
      `PostgreSQL does not run as root, and its user can reach neither ${dataFolder} nor ${home}. ${advice}`,
    )
  }
  await writeFile(join(dataFolder, pointerName), `${home}\n`)
  return home
}
