import { spawn } from 'node:child_process'
import { chmod, mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { canEnter, nobody } from '../src/db/embedded/run-as.ts'

/**
 * Makes a folder that is the temporary folder of this process and of all that it starts from now on, and that goes with
 * this process, however that ends: kill -9 too. With it go the processes that have it as theirs, and the databases
 * in it: those would outlive a killed run, as a PostgreSQL is made to outlive the program that started it.
 *
 * It is cleared by a process of its own, which reads a pipe that nobody writes: it closes when we are gone.
 */
export async function openRunFolder(): Promise<string> {
  // Below a folder that its user cannot enter, a database would go elsewhere, where nobody clears it.
  const parent = process.getuid?.() !== 0 || (await canEnter(nobody, tmpdir())) ? tmpdir() : '/tmp'
  const folder = await realpath(await mkdtemp(join(parent, 'innkeeper-run-')))
  await chmod(folder, 0o755) // started by root, the database runs as another user
  const words = ['--import', 'tsx', fileURLToPath(new URL('run-watchdog.ts', import.meta.url)), folder]
  const watchdog = spawn(process.execPath, words, {
    // A session of its own: Ctrl-C in our terminal, or a signal to our group, does not end it.
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  await new Promise<void>((resolve, reject) => watchdog.once('spawn', resolve).once('error', reject))
  watchdog.unref()
  process.env.TMPDIR = folder
  return folder
}
