import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from './program.ts'

const root = new URL('..', import.meta.url).pathname

/** The processes whose command line speaks of this folder: servers by their data, programs by their settings. */
async function processesOf(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map(pid => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter(line => line.includes(folder))
}

const servers = (lines: readonly string[]) => lines.filter(line => /bin\/postgres\0-D/.test(line))
const programs = (lines: readonly string[]) => lines.filter(line => line.includes('main.ts\0demo'))

test('kill -9 of a test run ends its database, the programs it tests with theirs, and leaves no folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'killed-'))
  await chmod(folder, 0o755) // for the databases, which run as another user
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const run = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'e2e/crash.test.ts'], {
    cwd: root,
    env: { ...process.env, TMPDIR: folder },
    stdio: 'ignore',
  })
  onTestFinished(() => void run.kill('SIGKILL'))
  const begun = await eventually(
    () => processesOf(folder),
    lines => servers(lines).length >= 2 && programs(lines).length >= 1,
  )
  expect(servers(begun)).toHaveLength(2) // that of the run, and that of the program
  run.kill('SIGKILL')
  expect(
    await eventually(
      () => processesOf(folder),
      lines => lines.length === 0,
    ),
  ).toEqual([])
  expect(
    await eventually(
      () => readdir(folder),
      names => !names.some(name => name.startsWith('innkeeper')),
    ),
  ).not.toContainEqual(expect.stringMatching(/^innkeeper/))
}, 60_000)
