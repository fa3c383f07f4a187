import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { createNameServer, type NameServer, type NameServerOptions } from './name-server.ts'

const run = promisify(execFile)

/** A name server on loopback that fails the test, by throwing where nobody catches, when it meets an error of its own. */
export async function startNameServer(options: Partial<NameServerOptions> = {}): Promise<NameServer> {
  const server = createNameServer({
    host: '127.0.0.1',
    port: 0,
    allowTransfer: [],
    notify: [],
    log: {
      warn: () => undefined,
      error: fields => {
        throw new Error(`the name server met an error: ${JSON.stringify(fields)}`)
      },
    },
    ...options,
  })
  await server.listen()
  return server
}

/** What dig says, one line a thing: status, flags, and each section's records with single spaces. */
export interface DigAnswer {
  readonly status: string
  readonly flags: readonly string[]
  readonly answer: readonly string[]
  readonly authority: readonly string[]
  readonly additional: readonly string[]
  readonly text: string
}

export async function dig(port: number, ...words: string[]): Promise<DigAnswer> {
  const { stdout } = await run('dig', ['@127.0.0.1', '-p', String(port), '+tries=1', '+time=5', '+nocookie', ...words])
  const section = (name: string) =>
    (new RegExp(`;; ${name} SECTION:\n((?:.+\n)*)`).exec(stdout)?.[1] ?? '')
      .split('\n')
      .filter(line => line !== '')
      .map(line => line.replaceAll(/\s+/g, ' '))
  return {
    status: /status: (\w+)/.exec(stdout)?.[1] ?? '',
    flags: /;; flags: ([a-z ]*);/.exec(stdout)?.[1]?.split(' ') ?? [],
    answer: section('ANSWER'),
    authority: section('AUTHORITY'),
    additional: section('ADDITIONAL'),
    text: stdout,
  }
}

export async function runTool(command: string, ...words: string[]): Promise<string> {
  return (await run(command, words)).stdout
}
