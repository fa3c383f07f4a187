import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { waitFor } from '../../../test/wait-for.ts'
import { openDatabase, runSql } from '../database.ts'
import { exists } from './binaries.ts'
import { findPackage, type PostgresPackage } from './package.ts'
import { passwordName } from './password.ts'
import { isRunning } from './postmaster.ts'
import { removeEmbedded } from './remove.ts'
import { nobody } from './run-as.ts'
import { type EmbeddedOptions, type EmbeddedServer, startEmbedded } from './server.ts'

let root: string
let packaged: PostgresPackage
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'innkeeper-embedded-'))
  await chmod(root, 0o755)
  // A copy that every user can read, wherever this project lies; without the links that npm's install script makes.
  const { folder, version } = await findPackage()
  packaged = { folder: join(root, 'package'), version }
  await cp(folder, packaged.folder, { recursive: true, filter: async path => !(await lstat(path)).isSymbolicLink() })
})
afterAll(async () => {
  await rm(root, { recursive: true, force: true })
})

const quick = (): EmbeddedOptions => ({ durable: false, package: packaged, elsewhere: join(root, 'elsewhere') })
let folders = 0
/** A data folder that does not exist yet. */
const newFolder = () => join(root, `data-${folders++}`)

async function started(folder: string, options: EmbeddedOptions = {}): Promise<EmbeddedServer> {
  const server = await startEmbedded(folder, { ...quick(), ...options })
  onTestFinished(() => server.stop())
  return server
}

async function ask(connection: pg.ClientConfig, text: string): Promise<Record<string, unknown>> {
  const client = new pg.Client(connection)
  await client.connect()
  const { rows } = await client.query(text)
  await client.end()
  return rows[0]
}

interface OtherProcess {
  readonly process: ChildProcess
  readonly pid: number
  readonly connection: pg.ClientConfig
}

/** The server started by another process, which the test may kill. */
async function inProcess(folder: string, uid = 0): Promise<OtherProcess> {
  const file = new URL('embedded-process.ts', import.meta.url).pathname
  const child = spawn(process.execPath, ['--import', 'tsx', file, folder, String(uid), JSON.stringify(quick())], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = await once(child.stdout, 'data')
  return { process: child, ...JSON.parse(String(line)) }
}

async function killed(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const gone = once(child, 'exit')
  child.kill(signal)
  await gone
}

const userOf = async (pid: number) => (await stat(`/proc/${pid}`)).uid
const asRoot = process.getuid?.() === 0

describe.runIf(asRoot)('1. the user it runs as', () => {
  test('started by root, the server runs as nobody', async () => {
    const server = await started(newFolder())
    expect(await userOf(server.pid())).toBe(nobody.uid)
  })

  test('started by an ordinary user, it runs as that user', async () => {
    const folder = newFolder()
    const daemon = 1
    await mkdir(folder)
    await chown(folder, daemon, daemon)
    const other = await inProcess(folder, daemon)
    expect(await userOf(other.pid)).toBe(daemon)
    expect(await ask(other.connection, 'select 1 as one')).toEqual({ one: 1 })
    await killed(other.process, 'SIGTERM')
    // Root, for maintenance, keeps the owner of the data.
    const server = await started(folder)
    expect(await userOf(server.pid())).toBe(daemon)
  })
})

describe.runIf(asRoot)('2. folders its user cannot reach', () => {
  test('the binaries are copied from a folder that is root’s alone, links kept', async () => {
    const hidden = join(newFolder(), 'package')
    await mkdir(dirname(hidden), { mode: 0o700 })
    await cp((await findPackage()).folder, hidden, { recursive: true, verbatimSymlinks: true })
    await chmod(join(hidden, 'bin/postgres'), 0o700)
    const server = await started(newFolder(), { package: { folder: hidden, version: packaged.version } })
    const link = await lstat(join(server.home, 'postgres', packaged.version, 'lib/libpq.so.5'))
    expect(link.isSymbolicLink()).toBe(true)
  })

  test('another version of the package replaces the copy', async () => {
    const folder = newFolder()
    const before = await startEmbedded(folder, { ...quick(), package: { ...packaged, version: 'older' } })
    await before.stop()
    await started(folder)
    expect(await readdir(join(folder, 'postgres'))).toEqual([packaged.version])
  })

  test('a half-made copy or cluster of a process that was killed is not used', async () => {
    const folder = newFolder()
    await mkdir(join(folder, 'postgres', `${packaged.version}.new-00`), { recursive: true })
    await mkdir(join(folder, 'pg-data.new-00'))
    const server = await started(folder)
    expect(await ask(server.connection, 'select 1 as one')).toEqual({ one: 1 })
  })

  test('a data folder that is root’s alone opens to the server’s group, not to everybody', async () => {
    const folder = newFolder()
    await mkdir(folder, { mode: 0o700 })
    const server = await started(folder)
    expect(server.home).toBe(folder)
    const { mode, gid } = await stat(folder)
    expect([mode & 0o777, gid]).toEqual([0o710, nobody.gid])
  })

  test('a data folder below one that is root’s alone points to a folder elsewhere, and finds it again', async () => {
    const hidden = newFolder()
    await mkdir(hidden, { mode: 0o700 })
    const first = await startEmbedded(join(hidden, 'data'), quick())
    await ask(first.connection, 'create table kept (a integer)')
    await first.stop()
    expect(first.home.startsWith(join(root, 'elsewhere'))).toBe(true)
    const second = await startEmbedded(join(hidden, 'data'), quick())
    expect(second.home).toBe(first.home)
    expect(await ask(second.connection, 'select count(*) from kept')).toEqual({ count: '0' })
    await second.stop()
    await removeEmbedded(join(hidden, 'data'))
    await expect(stat(second.home)).rejects.toThrow('ENOENT')
  })

  test('when there is no such folder either, the error says what to do', async () => {
    const hidden = newFolder()
    await mkdir(hidden, { mode: 0o700 })
    await expect(startEmbedded(join(hidden, 'data'), { ...quick(), elsewhere: '/dev/null/none' })).rejects.toThrow(
      /its user cannot reach .*data.*DATABASE_URL/s,
    )
  })
})

test('3. the links that npm’s install script did not make are made', async () => {
  const folder = newFolder()
  const server = await started(folder)
  const binaries = join(server.home, 'postgres', packaged.version)
  const links: { target: string }[] = JSON.parse(await readFile(join(binaries, 'pg-symlinks.json'), 'utf8'))
  for (const { target } of links) {
    expect((await stat(join(binaries, target.replace(/^native\//, '')))).isFile(), target).toBe(true)
  }
  expect(links.length).toBeGreaterThan(10)
})

describe('4. servers left over and shared', () => {
  test('after kill -9 of the program the server runs on, and the next start takes it up and stops it', async () => {
    const folder = newFolder()
    const other = await inProcess(folder)
    await killed(other.process, 'SIGKILL')
    const server = await startEmbedded(folder, quick())
    expect(server.pid()).toBe(other.pid)
    await server.stop()
    expect(await isRunning({ pid: other.pid }, join(folder, 'pg-data'))).toBe(false)
  })

  test('after kill -9 of both, the next start brings a new server', async () => {
    const folder = newFolder()
    const other = await inProcess(folder)
    process.kill(other.process.pid ?? 0, 'SIGKILL')
    process.kill(other.pid, 'SIGKILL')
    const server = await started(folder)
    expect(server.pid()).not.toBe(other.pid)
    expect(await ask(server.connection, 'select 1 as one')).toEqual({ one: 1 })
  })

  test('a server that lives but does not answer is replaced', async () => {
    const folder = newFolder()
    const other = await inProcess(folder)
    process.kill(other.process.pid ?? 0, 'SIGKILL')
    process.kill(other.pid, 'SIGSTOP')
    const server = await started(folder)
    expect(server.pid()).not.toBe(other.pid)
  })

  test.each([
    ['a zombie', 'true & echo $!; exec sleep 60'],
    ['another program of the same user', 'echo $$; exec sleep 60'],
  ])(
    'a postmaster.pid whose number is now that of %s does not keep the server from starting',
    async (_what, script) => {
      const folder = newFolder()
      const first = await startEmbedded(folder, quick())
      const file = join(folder, 'pg-data/postmaster.pid')
      const text = await readFile(file, 'utf8')
      await first.stop()
      const holder = spawn('/bin/sh', ['-c', script], {
        stdio: ['ignore', 'pipe', 'ignore'],
        ...(asRoot ? nobody : {}),
      })
      onTestFinished(() => void holder.kill('SIGKILL'))
      const [line] = await once(holder.stdout, 'data')
      await writeFile(file, text.replace(/^\d+/, String(Number(line))))
      const server = await started(folder)
      expect(await ask(server.connection, 'select 1 as one')).toEqual({ one: 1 })
    },
  )

  test('two programs that start at the same time share one server, and the last to stop ends it', async () => {
    const folder = newFolder()
    const [one, two] = await Promise.all([startEmbedded(folder, quick()), startEmbedded(folder, quick())])
    expect(one.pid()).toBe(two.pid())
    await one.stop()
    expect(await ask(two.connection, 'select 1 as one')).toEqual({ one: 1 })
    await two.stop()
    expect(await isRunning({ pid: two.pid() }, join(folder, 'pg-data'))).toBe(false)
  })

  test('a program that comes while another stops the server gets one that runs', async () => {
    const folder = newFolder()
    const first = await startEmbedded(folder, quick())
    const [, second] = await Promise.all([first.stop(), startEmbedded(folder, quick())])
    expect(await ask(second.connection, 'select 1 as one')).toEqual({ one: 1 })
    await second.stop()
  })

  test('a server that is killed comes back under the same address, and pools recover', async () => {
    const server = await started(newFolder())
    const db = openDatabase({ ...server.connection, max: 2 })
    const before = server.pid()
    await runSql(db, 'create table kept (a integer)')
    process.kill(before, 'SIGKILL')
    await waitFor(() =>
      runSql(db, 'select 1 from kept').then(
        () => server.pid() !== before,
        () => false,
      ),
    )
    await db.destroy()
  })
})

describe('5. stopping', () => {
  test('SIGTERM of the program stops the server in order, also with a transaction open', async () => {
    const folder = newFolder()
    const other = await inProcess(folder)
    const client = new pg.Client(other.connection)
    client.on('error', () => {})
    await client.connect()
    await client.query('begin')
    await killed(other.process, 'SIGTERM')
    expect(await isRunning({ pid: other.pid }, join(folder, 'pg-data'))).toBe(false)
    await expect(stat(join(folder, 'pg-data/postmaster.pid'))).rejects.toThrow('ENOENT')
  })

  test('a server that does not stop in order is stopped by force', async () => {
    const server = await startEmbedded(newFolder(), quick())
    process.kill(server.pid(), 'SIGSTOP')
    await server.stop()
    expect(await isRunning({ pid: server.pid() }, join(server.home, 'pg-data'))).toBe(false)
  })

  test('Ctrl-C in the terminal does not reach the server', async () => {
    const other = await inProcess(newFolder())
    process.kill(-(other.process.pid ?? 0), 'SIGINT') // the whole foreground group, as a terminal does
    expect(await ask(other.connection, 'select pg_postmaster_start_time() is not null as up')).toEqual({ up: true })
    expect(await groupOf(other.pid)).toBe(other.pid)
    await killed(other.process, 'SIGTERM')
  })
})

describe('6. who may reach it', () => {
  /** What becomes of a process of user nobody that tries this password, and to read the file the password is in. */
  async function strangersOutcome(folder: string, connection: pg.ClientConfig) {
    const script = `
      import { readFile } from 'node:fs/promises'
      import pg from 'pg'
      process.setgid(${nobody.gid})
      process.setuid(${nobody.uid})
      const code = error => error.code ?? error.message
      const client = new pg.Client(${JSON.stringify(connection)})
      console.log(JSON.stringify({
        file: await readFile(${JSON.stringify(join(folder, passwordName))}).then(() => 'read', code),
        database: await client.connect().then(() => 'open', code),
      }))
      process.exit()`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    return JSON.parse(await text(child.stdout))
  }

  test.runIf(asRoot)('a process of the server’s user neither reads the password nor gets in without', async () => {
    const folder = newFolder()
    const { connection } = await started(folder)
    const refused = { file: 'EACCES', database: '28P01' }
    expect(await strangersOutcome(folder, { ...connection, password: 'a guess' })).toEqual(refused)
    expect(await strangersOutcome(folder, connection)).toEqual({ ...refused, database: 'open' })
  })

  test('the password is in one file of one user, and in no file of the server', async () => {
    const folder = newFolder()
    const { connection, home } = await started(folder)
    expect(connection.password).toMatch(/^[\w-]{43}$/)
    expect((await stat(join(folder, passwordName))).mode & 0o777).toBe(0o600)
    expect(await ask(connection, 'select 1 as one')).toEqual({ one: 1 })
    expect(await ask(connection, 'select rolpassword from pg_authid where rolname = current_user')).toEqual({
      rolpassword: expect.stringMatching(/^SCRAM-SHA-256\$/),
    })
    expect((await readdir(home)).filter(name => name.startsWith('pg-data'))).toEqual(['pg-data'])
  })

  test.each([
    ['running', true],
    ['stopped', false],
  ])(
    'without its password file, or with another one, a %s server is left alone and the error says what to do',
    async (_what, running) => {
      const folder = newFolder()
      const server = await started(folder)
      const pid = server.pid()
      if (!running) await server.stop()
      await rename(join(folder, passwordName), join(folder, 'kept'))
      await expect(startEmbedded(folder, quick())).rejects.toThrow(/not its password.*docs\/operate\.md/)
      await writeFile(join(folder, passwordName), 'another\n')
      await expect(startEmbedded(folder, quick())).rejects.toThrow(/does not take the password.*docs\/operate\.md/)
      expect(await isRunning({ pid }, join(folder, 'pg-data'))).toBe(running)
      expect(await exists(join(folder, 'pg-data/postmaster.pid'))).toBe(running)
      await rename(join(folder, 'kept'), join(folder, passwordName))
      expect(await ask((await started(folder)).connection, 'select 1 as one')).toEqual({ one: 1 })
    },
  )
})

describe('7. how it is reached', () => {
  test('by a unix socket only, without TLS; texts sort by code point in UTF-8', async () => {
    const server = await started(newFolder())
    expect(await ask(server.connection, 'show listen_addresses')).toEqual({ listen_addresses: '' })
    expect(await ask(server.connection, 'show ssl')).toEqual({ ssl: 'off' })
    expect(
      await ask(
        server.connection,
        `select pg_encoding_to_char(encoding) as encoding, datlocale as locale, 'a' > 'B' as by_code, upper('é') as upper
         from pg_database where datname = current_database()`,
      ),
    ).toEqual({ encoding: 'UTF8', locale: 'C.UTF-8', by_code: true, upper: 'É' })
  })

  test('from a data folder whose path is too long for a socket', async () => {
    const folder = join(newFolder(), 'x'.repeat(90), 'data')
    const server = await started(folder)
    expect(await ask(server.connection, 'select 1 as one')).toEqual({ one: 1 })
    const { mode } = await stat(server.connection.host)
    expect(mode & 0o777).toBe(0o700)
    await server.stop()
    await expect(stat(server.connection.host)).rejects.toThrow('ENOENT')
  })

  test('PG… variables of the environment do not lead elsewhere', async () => {
    process.env.PGPORT = '1'
    process.env.PGSSLMODE = 'require'
    onTestFinished(() => {
      delete process.env.PGPORT
      delete process.env.PGSSLMODE
    })
    const server = await started(newFolder())
    expect(await ask(server.connection, 'select 1 as one')).toEqual({ one: 1 })
  })
})

test.each([
  ['darwin', 'arm64'],
  ['win32', 'x64'],
  ['linux', 'arm64'],
])('8. on %s %s the error names DATABASE_URL', async (platform, arch) => {
  await expect(findPackage(platform, arch)).rejects.toThrow('DATABASE_URL')
})

test('the server is removed with its data when it does not run, and then starts anew', async () => {
  const folder = newFolder()
  const first = await startEmbedded(folder, quick())
  await ask(first.connection, 'create table gone (a integer)')
  await expect(removeEmbedded(folder)).rejects.toThrow('is in use')
  await first.stop()
  await removeEmbedded(folder)
  expect(await readdir(folder)).toEqual([])
  const second = await started(folder)
  expect(await ask(second.connection, `select to_regclass('gone') as found`)).toEqual({ found: null })
})

test('a server that does not start shows the last lines of its log', async () => {
  const folder = newFolder()
  const server = await startEmbedded(folder, quick())
  await server.stop()
  await writeFile(join(folder, 'pg-data/postgresql.conf'), 'nonsense = 1\n')
  await expect(startEmbedded(folder, quick())).rejects.toThrow(/did not start.*postgres\.log:.*nonsense/s)
})

test('data of another major version is refused', async () => {
  const folder = newFolder()
  const server = await startEmbedded(folder, quick())
  await server.stop()
  await writeFile(join(folder, 'pg-data/PG_VERSION'), '17\n')
  await expect(startEmbedded(folder, quick())).rejects.toThrow('made by PostgreSQL 17')
})

async function groupOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8')
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[2])
}
