import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const root = new URL('..', import.meta.url).pathname

/** The line that `--ready-json` prints. */
export interface Ready {
  readonly url: string
  readonly api: string
  readonly username: string
  readonly password: string
  /** Of the built-in name server; where another one serves, the line has none. */
  readonly dnsPort: number
  /** An owner, for the staff API. */
  readonly staff: {
    readonly api: string
    readonly email: string
    readonly password: string
    readonly totpUri: string
  }
}

/** The program as a person starts it: the demo on free ports with a data folder of its own. */
export interface Program extends Ready {
  readonly dataDir: string
  readonly process: ChildProcess
  /** SIGTERM, then waits for the end. */
  stop(): Promise<number | null>
  /** SIGKILL to the program alone; the database it started is left behind. */
  kill(): Promise<void>
  /** SIGKILL to the program and to all that it started, the database too. */
  killAll(): Promise<void>
}

export async function startProgram(
  options: {
    dataDir?: string
    flags?: readonly string[]
    byNpm?: boolean
    env?: Readonly<Record<string, string>>
  } = {},
): Promise<Program> {
  const dataDir = options.dataDir ?? (await newDataDir())
  const flags = ['--data', dataDir, '--port', '0', '--dns-port', '0', '--ready-json', ...(options.flags ?? [])]
  const [command, ...words] = options.byNpm
    ? ['npm', 'start', '--', ...flags]
    : [process.execPath, '--import', 'tsx', 'apps/server/src/main.ts', 'demo', ...flags]
  const child = spawn(command ?? '', words, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  })
  let log = ''
  child.stderr.on('data', chunk => {
    log = (log + chunk).slice(-20_000)
  })
  const ready = await new Promise<Ready>((resolve, reject) => {
    createInterface(child.stdout).on('line', line => {
      if (line.startsWith('{"url"')) resolve(JSON.parse(line) as Ready) // the promise of --ready-json
    })
    child.once('exit', code => reject(new Error(`the program ended with ${code} before it was ready:\n${log}`)))
  })
  return {
    ...ready,
    dataDir,
    process: child,
    async stop() {
      if (child.exitCode !== null) return child.exitCode
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      return (await ended)[0] as number | null // the first argument of 'exit'
    },
    async kill() {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
    async killAll() {
      const ended = once(child, 'exit')
      const below = await descendants(child.pid ?? 0)
      for (const pid of [child.pid ?? 0, ...below]) killed(pid)
      await ended
    },
  }
}

/** Ends one process at once; it may have ended by itself meanwhile. */
function killed(pid: number): void {
  try {
    if (pid > 0) process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // what kill throws
  }
}

/** The pids of all processes below this one. */
export async function descendants(pid: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-eo', 'pid=,ppid='])
  const pairs = stdout
    .trim()
    .split('\n')
    .map(line => line.trim().split(/\s+/).map(Number))
  const below = (parent: number): number[] =>
    pairs.flatMap(([child, of]) => (of === parent && child !== undefined ? [child, ...below(child)] : []))
  return below(pid)
}

/** What a command printed, and how it ended. */
export interface Result {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs `innkeeper` with these words to its end. */
export async function innkeeper(
  words: readonly string[],
  input = '',
  env: Readonly<Record<string, string>> = {},
): Promise<Result> {
  const child = spawn(process.execPath, ['apps/server/bin/innkeeper.mjs', ...words], {
    cwd: root,
    env: { ...process.env, ...env },
  })
  let out = ''
  let err = ''
  child.stdout.on('data', chunk => {
    out += chunk
  })
  child.stderr.on('data', chunk => {
    err += chunk
  })
  child.stdin.end(input)
  const code = await new Promise<number | null>(resolve => child.once('close', resolve))
  return { code, out, err }
}

export async function newDataDir(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'innkeeper-e2e-'))
}

export async function removeDataDir(dataDir: string): Promise<void> {
  await rm(dataDir, { recursive: true, force: true })
}

export const run = promisify(execFile)

/** Runs curl and gives the JSON it printed. */
export async function curl(...args: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await run('curl', ['-sS', '--max-time', '20', ...args])
  return JSON.parse(stdout) as Record<string, unknown> // every answer of the API is an object
}

/** What dig prints with +short, as lines in order. */
export async function dig(port: number, name: string, type: string, ...flags: string[]): Promise<string[]> {
  const { stdout } = await run('dig', [
    '@127.0.0.1',
    '-p',
    String(port),
    '+short',
    '+time=2',
    '+tries=3',
    ...flags,
    name,
    type,
  ])
  return stdout
    .trim()
    .split('\n')
    .filter(line => line !== '')
    .sort()
}

/** Asks until the answer is as wanted or about ten seconds have gone; gives the last answer. */
export async function eventually<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries++) {
    const answer = await ask()
    if (wanted(answer) || tries >= 100) return answer
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}
