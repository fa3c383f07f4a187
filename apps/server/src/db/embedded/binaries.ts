import { randomBytes } from 'node:crypto'
import {
  chmod,
  copyFile,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { PostgresPackage } from './package.ts'
import { type RunAs, runAs } from './run-as.ts'

const staleMilliseconds = 3_600_000

/**
 * Copies the server's binaries below `home` and returns their folder. From npm's folder they would not do: it may be
 * out of reach for the server's user, lack the links that npm's install script makes, and be emptied by the next
 * `npm ci` below a running server. One folder a version; a copy is complete or not there.
 */
export async function installBinaries(
  home: string,
  { folder, version }: PostgresPackage,
  user: RunAs,
): Promise<string> {
  const parent = join(home, 'postgres')
  const target = join(parent, version)
  if (!(await exists(target))) {
    await mkdir(parent, { recursive: true })
    await chmod(parent, 0o755)
    await copyTo(target, folder)
  }
  await removeOthers(parent, version)
  await checkRuns(target, user)
  return target
}

async function copyTo(target: string, packaged: string): Promise<void> {
  const temporary = `${target}.new-${randomBytes(4).toString('hex')}`
  await copyFolder(packaged, temporary)
  await makeLinks(temporary)
  // Whoever was quicker made the same folder.
  await rename(temporary, target).catch(() => rm(temporary, { recursive: true }))
}

async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to)
  await chmod(to, 0o755) // npm may have unpacked for its own user only
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyFolder(source, target)
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target)
    else await copyOne(source, target)
  }
}

/** A hard link where that does: it costs no space, and the file outlives its removal by npm all the same. */
async function copyOne(source: string, target: string): Promise<void> {
  const { mode } = await stat(source)
  const wanted = (mode & 0o111) === 0 ? 0o644 : 0o755
  if (
    (mode & wanted) === wanted &&
    (await link(source, target).then(
      () => true,
      () => false,
    ))
  )
    return
  await copyFile(source, target)
  await chmod(target, wanted)
}

/** The links of the shared libraries, which are not in the package: its install script makes them, if npm lets it. */
async function makeLinks(binaries: string): Promise<void> {
  const text = await readFile(join(binaries, 'pg-symlinks.json'), 'utf8')
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    const [from, to] = [source, target].map(path => join(binaries, path.replace(/^native\//, '')))
    if (from === undefined || to === undefined || (await lstat(to).catch(() => undefined)) !== undefined) continue
    await symlink(relative(dirname(to), from), to)
  }
}

/** Removes the copies of other versions, and what a killed copying left. Copies being made now are left alone. */
async function removeOthers(parent: string, version: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (name === version) continue
    const path = join(parent, name)
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs
    if (!name.includes('.new-') || age > staleMilliseconds) await rm(path, { recursive: true, force: true })
  }
}

async function checkRuns(binaries: string, user: RunAs): Promise<void> {
  for (const program of ['postgres', 'initdb']) {
    await runAs(user, join(binaries, 'bin', program), ['--version']).catch(cause => {
      throw new Error(
        `the embedded PostgreSQL does not run from ${binaries}: ${cause.stderr || cause.message}. A file system mounted noexec, or a system without glibc, can be why. Choose another data folder, or set DATABASE_URL.`,
        { cause },
      )
    })
  }
}

export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
