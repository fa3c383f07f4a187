import { execFile } from 'node:child_process'
import { chown, stat } from 'node:fs/promises'
import { promisify } from 'node:util'

/** The user a child process runs as; undefined: as ourselves. */
export type RunAs = { readonly uid: number; readonly gid: number } | undefined

/** PostgreSQL refuses to run as root. This user is in every /etc/passwd, which PostgreSQL needs too. */
export const nobody = { uid: 65_534, gid: 65_534 }

const execute = promisify(execFile)

/** Who the server runs as: whoever owns the data already; else nobody when we are root; else ourselves. */
export async function chooseUser(data: string): Promise<RunAs> {
  const ourselves = process.getuid?.()
  const owner = await stat(data).catch(() => undefined)
  if (ourselves !== 0) {
    if (owner === undefined || owner.uid === ourselves) return undefined
    throw new Error(
      `the database in ${data} belongs to user ${owner.uid}, and this is user ${ourselves}: start as that one`,
    )
  }
  return owner === undefined || owner.uid === 0 ? nobody : { uid: owner.uid, gid: owner.gid }
}

/** The environment of PostgreSQL's programs: nothing of ours, whose PG… variables would lead them astray. */
export const postgresEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

/** Runs a program to its end. */
export async function runAs(user: RunAs, program: string, args: readonly string[], cwd = '/'): Promise<string> {
  const { stdout } = await execute(program, args, { ...user, cwd, env: postgresEnvironment })
  return stdout
}

/** Whether the user can pass through the folder and all above it. Asks the system, which knows more than mode bits. */
export async function canEnter(user: RunAs, folder: string): Promise<boolean> {
  return runAs(user, '/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder]).then(
    () => true,
    () => false,
  )
}

/** Gives a file or folder to the user. */
export async function giveTo(user: RunAs, path: string): Promise<void> {
  if (user !== undefined) await chown(path, user.uid, user.gid)
}
