import { setTimeout as sleep } from 'node:timers/promises'
import { exists, installBinaries } from './binaries.ts'
import { clusterFolder, clusterName, createCluster } from './cluster.ts'
import { findHome } from './home.ts'
import { type Keeper, takeShare } from './keeper.ts'
import { openServerLog } from './log.ts'
import { findPackage, type PostgresPackage } from './package.ts'
import { loadPassword } from './password.ts'
import { connectionTo, isRunning, type LaunchOptions, type Postmaster, stopPostmaster } from './postmaster.ts'
import { chooseUser } from './run-as.ts'
import { makeSocketFolder, removeSocketFolder } from './socket.ts'
import { obtainServer } from './start.ts'

/** A PostgreSQL of our own, reached by unix socket and password only. */
export interface EmbeddedServer {
  readonly connection: ReturnType<typeof connectionTo>
  /** The folder of its data, log and binaries; the data folder, unless the server's user cannot reach that. */
  readonly home: string
  /** The server's process now; another after it was restarted. */
  pid(): number
  /** Stops the server, within 5 s, unless another process uses it: then the last one stops it. */
  stop(): Promise<void>
}

export interface EmbeddedOptions {
  /** False: a crash of the machine may lose the data. For tests. */
  readonly durable?: boolean
  /** For all pools of all processes together. */
  readonly maxConnections?: number
  /** The binaries; by default those npm installed. */
  readonly package?: PostgresPackage
  /** Where the server goes when its user cannot reach the data folder. */
  readonly elsewhere?: string
}

/**
 * Starts the embedded server on a data folder, or joins the one that runs there. A server that ends by itself (killed
 * for want of memory, for one) is started again under the same address.
 */
export async function startEmbedded(dataFolder: string, options: EmbeddedOptions = {}): Promise<EmbeddedServer> {
  const launchOptions = await prepare(dataFolder, options)
  let share = await join(launchOptions, () => void restart())
  const { socketFolder } = share.postmaster
  if (socketFolder !== launchOptions.socketFolder) await removeSocketFolder(launchOptions.socketFolder)
  let stopping = false
  let restarting: Promise<void> | undefined

  function restart(): Promise<void> {
    restarting ??= (async () => {
      while (!stopping) {
        try {
          share = await join({ ...launchOptions, socketFolder }, () => void restart())
          break
        } catch {
          await sleep(500)
        }
      }
      restarting = undefined
    })()
    return restarting
  }

  return {
    connection: connectionTo(socketFolder, clusterName, launchOptions.password),
    home: launchOptions.home,
    pid: () => share.postmaster.pid,
    async stop() {
      if (stopping) return
      stopping = true
      await Promise.race([restarting, sleep(500)])
      await leave(share, launchOptions.data)
      launchOptions.log.close()
    },
  }
}

interface Share {
  readonly postmaster: Postmaster
  readonly keeper: Keeper
}

async function prepare(dataFolder: string, options: EmbeddedOptions): Promise<LaunchOptions & { home: string }> {
  const packaged = options.package ?? (await findPackage())
  const home = await findHome(dataFolder, options.elsewhere)
  const user = await chooseUser(clusterFolder(home))
  const password = await loadPassword(dataFolder, await exists(clusterFolder(home)))
  const binaries = await installBinaries(home, packaged, user)
  const durable = options.durable ?? true
  return {
    home,
    binaries,
    user,
    durable,
    password,
    data: await createCluster(home, binaries, user, { durable, password }),
    log: openServerLog(home),
    socketFolder: await makeSocketFolder(home, user),
    maxConnections: options.maxConnections ?? 100,
  }
}

async function join(options: LaunchOptions, onLost: () => void): Promise<Share> {
  for (let tries = 0; ; tries++) {
    const postmaster = await obtainServer(options)
    let keeper: Keeper | undefined
    try {
      keeper = await takeShare(postmaster.socketFolder, options.password, onLost)
      await createDatabase(keeper)
      return { postmaster, keeper }
    } catch (error) {
      await keeper?.drop()
      // The process that was the last to use this server stopped it just now.
      if (tries >= 5) throw error
    }
  }
}

async function createDatabase({ client }: Keeper): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [clusterName])
  if (rowCount === 0) {
    await client.query(`create database ${clusterName}`).catch((error: { code?: string }) => {
      if (error.code !== '42P04' && error.code !== '23505') throw error // another process made it
    })
  }
}

async function leave({ postmaster, keeper }: Share, data: string): Promise<void> {
  const answer = await Promise.race([keeper.leave().catch(() => 'broken' as const), sleep(1_000, 'broken' as const)])
  if (answer === false) return
  // A broken connection says that the server is gone, or stuck: nobody can be using it.
  if (await isRunning(postmaster, data)) await stopPostmaster(postmaster, data)
  await keeper.client.end().catch(() => {})
  await removeSocketFolder(postmaster.socketFolder)
}
