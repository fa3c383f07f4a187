import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const root = join(import.meta.dirname, '..')

/** The program as `npm start` runs it, measured from outside. */
export interface Program {
  readonly api: string
  readonly dnsPort: number
  readonly username: string
  readonly password: string
  /** Of the Node process itself, not of npm. */
  readonly pid: number
  stop(): Promise<void>
}

/**
 * Starts it with `npm start` on free ports. The environment keeps settings of whoever runs this out, and tells what run
 * the program belongs to (apps/server/test/run-folder.ts).
 */
export async function startProgram(dataDir: string, flags: readonly string[] = []): Promise<Program> {
  const words = [
    'start',
    '--silent',
    '--',
    '--data',
    dataDir,
    '--port',
    '0',
    '--dns-port',
    '0',
    '--ready-json',
    ...flags,
  ]
  const { PATH, HOME, TMPDIR } = process.env
  const npm = spawn('npm', words, { cwd: root, env: { PATH, HOME, TMPDIR }, stdio: ['ignore', 'pipe', 'inherit'] })
  const line = await firstLine(npm)
  const ready = JSON.parse(line) as Omit<Program, 'pid' | 'stop'> // the promise of --ready-json
  const pid = await nodeBelow(npm.pid ?? 0, dataDir)
  return {
    ...ready,
    pid,
    async stop() {
      const ended = once(npm, 'exit')
      process.kill(pid, 'SIGTERM')
      await ended
    },
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no output to read')
  for await (const line of createInterface(child.stdout)) if (line.startsWith('{')) return line
  throw new Error('npm start ended before it was ready')
}

/** npm starts a shell, and the shell the program, or becomes it. */
async function nodeBelow(pid: number, dataDir: string): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  for (const child of children.trim().split(' ').filter(Boolean).map(Number)) {
    const [program = '', ...words] = (await readFile(`/proc/${child}/cmdline`, 'utf8')).split('\0')
    if (/(^|\/)node$/.test(program) && words.includes(dataDir)) return child
    const deeper = await nodeBelow(child, dataDir).catch(() => undefined)
    if (deeper !== undefined) return deeper
  }
  throw new Error(`no node below process ${pid}`)
}
