import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { cpuSeconds } from './nameserver-load.ts'

const run = promisify(execFile)

export interface HttpTarget {
  readonly url: string
  /** Whose processor time is counted. */
  readonly pid: number
  readonly headers: Readonly<Record<string, string>>
}

export interface HttpLoad {
  readonly perSecond: number
  /** Requests in one second of the server's processor time: other work on the machine shows less in it. */
  readonly perCpuSecond: number
}

/** Lets wrk ask over 50 connections as fast as the server answers. */
export async function loadHttp({ url, pid, headers }: HttpTarget, seconds: number): Promise<HttpLoad> {
  const before = await cpuSeconds(pid)
  const words = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const { stdout } = await run('wrk', ['-t1', '-c50', `-d${seconds}s`, ...words, url])
  const used = (await cpuSeconds(pid)) - before
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`${url}:\n${stdout}`)
  const field = (pattern: RegExp) => Number(pattern.exec(stdout)?.[1])
  return {
    perSecond: field(/Requests\/sec:\s+([\d.]+)/),
    perCpuSecond: field(/(\d+) requests in/) / used,
  }
}
