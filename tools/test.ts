import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installPeers } from './peers.ts'

/*
 * `npm test`: installs the programs the tests talk to, then runs every check of the project. With CI set, anything
 * that could not be tested is a failure.
 */

interface Report {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
}

const inCi = process.env.CI !== undefined && process.env.CI !== ''

async function main(): Promise<number> {
  const { missing, reason } = await installPeers()
  const untested = [...new Set(missing.flatMap(peer => peer.tests))]
  for (const { name, tests } of missing) {
    process.stdout.write(`${name} is missing, since ${reason}; not tested: ${tests.join(' ') || 'nothing'}\n`)
  }
  if (missing.length > 0 && inCi) return 1
  for (const check of ['check:types', 'check:lint', 'check:imports', 'check:dead']) {
    if ((await run('npm', ['run', '--silent', check])) !== 0) return 1
  }
  const folder = await mkdtemp(join(tmpdir(), 'innkeeper-report-'))
  const file = join(folder, 'report.json')
  const failed = await run('npx', [
    ...['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    ...untested.flatMap(glob => ['--exclude', glob]),
  ])
  const report = JSON.parse(await readFile(file, 'utf8')) as Report // vitest's own format
  await rm(folder, { recursive: true })
  const skipped = report.numPendingTests + report.numTodoTests
  if (skipped > 0) process.stdout.write(`${skipped} tests were skipped${inCi ? ', which fails in CI' : ''}\n`)
  process.stdout.write(`\n${report.numPassedTests} passed, ${report.numFailedTests} failed, ${skipped} skipped\n`)
  return failed !== 0 || (inCi && skipped > 0) ? 1 : 0
}

function run(command: string, args: string[]): Promise<number> {
  const child = spawn(command, args, { stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', code => resolve(code ?? 1))
  })
}

process.exitCode = await main()
