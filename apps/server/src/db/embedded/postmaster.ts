import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { clusterName } from './cluster.ts'
import type { ServerLog } from './log.ts'
import { passwordName } from './password.ts'
import { postgresEnvironment, type RunAs } from './run-as.ts'

/** What a running server says of itself in postmaster.pid. */
export interface Postmaster {
  readonly pid: number
  readonly socketFolder: string
}

export interface LaunchOptions {
  readonly binaries: string
  readonly data: string
  readonly user: RunAs
  readonly log: ServerLog
  readonly socketFolder: string
  readonly password: string
  readonly durable: boolean
  readonly maxConnections: number
}

/** Reads postmaster.pid (PostgreSQL's miscadmin.h gives its lines); undefined: there is none, or it is being written. */
export async function readPostmaster(data: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')
  const [pid, , , , socketFolder] = text.split('\n')
  const number = Number(pid)
  return Number.isInteger(number) && number > 0 ? { pid: number, socketFolder: socketFolder ?? '' } : undefined
}

/**
 * Whether this process is the server of this data. Not when it is a zombie that nobody has collected yet, or another
 * program that got the number of one long gone (usual in containers, where numbers start anew).
 */
export async function isRunning({ pid }: Pick<Postmaster, 'pid'>, data: string): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const state = status.slice(status.lastIndexOf(')') + 2)[0]
  if (state === undefined || state === 'Z' || state === 'X') return false
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined)
  return folder === (await realpath(data))
}

/** Starts the server. `gone`: the number in a postmaster.pid that belongs to no server any more. */
export function launch(options: LaunchOptions, gone: number | undefined): ChildProcess {
  const child = spawn(join(options.binaries, 'bin/postgres'), serverArguments(options), {
    ...options.user,
    cwd: '/',
    // A session of its own: Ctrl-C in our terminal is for us, who stop the server when we have finished with it.
    detached: true,
    stdio: ['ignore', options.log.fd, options.log.fd],
    env: {
      ...postgresEnvironment,
      // How pg_ctl tells the server that a process is not another server: without it, one that is gone but has a
      // number in use would keep the new server from starting. The check of the shared memory is still made.
      ...(gone === undefined ? {} : { PG_GRANDPARENT_PID: String(gone) }),
    },
  })
  child.unref()
  return child
}

function serverArguments({ data, socketFolder, durable, maxConnections }: LaunchOptions): string[] {
  const settings = {
    listen_addresses: '', // unix socket only: the bundled OpenSSL is old
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',
    port: '5432',
    ssl: 'off',
    max_connections: String(maxConnections),
    shared_buffers: '64MB',
    max_wal_size: '512MB',
    io_method: 'sync', // no extra processes that read ahead
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Errors are ours to log: the server would write what customers sent.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  }
  return ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}

/** How to reach the server. Everything is given, so that no PG… variable of ours is used instead. */
export function connectionTo(socketFolder: string, database: string, password: string) {
  return { host: socketFolder, port: 5432, user: clusterName, database, password, ssl: false } as const
}

/**
 * `starting`: it is alive and says that it does not take connections yet, or no longer. Throws when it does not take the
 * password.
 */
export async function probe({ socketFolder }: Postmaster, password: string): Promise<'ready' | 'starting' | 'silent'> {
  const client = new pg.Client({ ...connectionTo(socketFolder, 'postgres', password), connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return 'ready'
  } catch (error) {
    const { code } = error as { code?: string } // what pg throws
    if (code === '28P01') {
      throw new Error(
        `the embedded PostgreSQL does not take the password in ${passwordName}. Put back the file that belongs to this database, or set a new password as docs/operate.md says under "The database".`,
        { cause: error },
      )
    }
    return code === '57P03' ? 'starting' : 'silent'
  } finally {
    await client.end().catch(() => {})
  }
}

/** Stops a server: in order, then at once (it will recover at its next start), then by force. At most 4.5 s. */
export async function stopPostmaster(postmaster: Pick<Postmaster, 'pid'>, data: string): Promise<void> {
  const steps = [
    ['SIGINT', 3_000], // "fast": ends connections, writes everything
    ['SIGQUIT', 1_000], // "immediate"
    ['SIGKILL', 500],
  ] as const
  for (const [signal, patience] of steps) {
    if (!(await isRunning(postmaster, data))) return
    try {
      process.kill(postmaster.pid, signal)
    } catch {
      return // it went meanwhile
    }
    for (const end = Date.now() + patience; Date.now() < end; await sleep(10)) {
      if (!(await isRunning(postmaster, data))) return
    }
  }
}
