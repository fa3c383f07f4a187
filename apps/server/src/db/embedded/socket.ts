import { chmod, mkdir, mkdtemp, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { giveTo, type RunAs } from './run-as.ts'

/** Bytes a path of a unix socket can have: sun_path of unix(7) without its closing zero. */
const maxSocketPath = 107
const socketName = '.s.PGSQL.5432'
const temporaryPrefix = 'innkeeper-socket-'

/**
 * The folder of the server's socket: below `home`, or, when that makes too long a path, one of a random name in the
 * temporary folder. Whoever joins a running server reads it from postmaster.pid.
 */
export async function makeSocketFolder(home: string, user: RunAs): Promise<string> {
  const usual = join(home, 'pg-socket')
  if (fits(usual)) {
    await mkdir(usual, { recursive: true, mode: 0o700 })
    await chmod(usual, 0o700)
    await giveTo(user, usual)
    return usual
  }
  const parent = fits(join(tmpdir(), `${temporaryPrefix}XXXXXX`)) ? tmpdir() : '/tmp'
  const folder = await mkdtemp(join(parent, temporaryPrefix)) // mode 0700, and never one that was there
  await giveTo(user, folder)
  return folder
}

/** Removes a folder that makeSocketFolder made in the temporary folder. */
export async function removeSocketFolder(folder: string): Promise<void> {
  if (!basename(folder).startsWith(temporaryPrefix) || ![tmpdir(), '/tmp'].includes(dirname(folder))) return
  await rmdir(folder).catch(() => {}) // not empty: somebody else's server is in it by now
}

function fits(folder: string): boolean {
  return Buffer.byteLength(join(folder, socketName)) <= maxSocketPath
}
