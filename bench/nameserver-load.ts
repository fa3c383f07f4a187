import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Target } from './nameserver-targets.ts'

const run = promisify(execFile)
/** Units of the times in /proc (sysconf _SC_CLK_TCK, 100 on every Linux that Node runs on). */
const ticksPerSecond = 100

export interface Load {
  readonly answersPerSecond: number
  /** What the server answers in one second of its core: other work on the machine does not show in it. */
  readonly answersPerCpuSecond: number
  readonly lostPercent: number
  readonly residentMegabytes: number
}

/** Lets dnsperf, on the other core, ask as fast as the server answers. */
export async function load(target: Target, seconds: number): Promise<Load> {
  const before = await cpuSeconds(target.pid)
  const words = ['-s', '127.0.0.1', '-p', String(target.port), '-d', target.questions, '-l', String(seconds), '-e']
  const { stdout } = await run('taskset', ['-c', '1', 'dnsperf', ...words], { maxBuffer: 64 * 1024 * 1024 })
  const used = (await cpuSeconds(target.pid)) - before
  const completed = field(stdout, /Queries completed:\s+(\d+)/)
  return {
    answersPerSecond: field(stdout, /Queries per second:\s+([\d.]+)/),
    answersPerCpuSecond: completed / used,
    lostPercent: field(stdout, /Queries lost:\s+\d+ \(([\d.]+)%\)/),
    residentMegabytes: await residentMegabytes(target.pid),
  }
}

export async function residentMegabytes(pid: number): Promise<number> {
  return field(await readFile(`/proc/${pid}/status`, 'utf8'), /VmRSS:\s+(\d+) kB/) / 1024
}

export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

function field(text: string, pattern: RegExp): number {
  const found = pattern.exec(text)?.[1]
  if (found === undefined) throw new Error(`${pattern} is not in:\n${text.slice(0, 2000)}`)
  return Number(found)
}
