import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from './free-port.ts'
import { curl, dig, eventually, innkeeper, newDataDir, removeDataDir, run, startProgram } from './program.ts'

/* The whole program on a PostgreSQL that the operator brings, the oldest that we promise, as a user who is no superuser. */

const binaries = '/usr/lib/postgresql/15/bin'
const asRoot = process.getuid?.() === 0
/** PostgreSQL refuses to run as root. */
const user = asRoot ? { uid: 65_534, gid: 65_534 } : {}
let home: string
let port: number
let postgres: ChildProcess

const sql = (text: string) =>
  run(`${binaries}/psql`, ['-X', '-h', home, '-p', String(port), '-U', 'postgres', '-qAtc', text, 'postgres'], user)

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'innkeeper-e2e-postgres-'))
  port = await freePort()
  if (asRoot) await chown(home, 65_534, 65_534)
  const data = join(home, 'data')
  await run(
    `${binaries}/initdb`,
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-N'],
    {
      ...user,
      cwd: '/',
    },
  )
  await writeFile(join(data, 'pg_hba.conf'), 'local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n')
  postgres = spawn(
    `${binaries}/postgres`,
    ['-D', data, '-p', String(port), '-k', home, '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'],
    { ...user, cwd: '/', stdio: 'ignore' },
  )
  const ready = await eventually(
    () =>
      sql('select 1').then(
        () => true,
        () => false,
      ),
    yes => yes,
  )
  if (!ready) throw new Error('PostgreSQL 15 does not answer')
  await sql(`create role keeper login password 'a word for tests'`)
  await sql('create database inn owner keeper')
})
afterAll(async () => {
  const gone = once(postgres, 'exit')
  postgres.kill('SIGINT') // fast shutdown
  await gone
  await rm(home, { recursive: true })
})

test('with DATABASE_URL everything is in that database, and is there again after a restart', async () => {
  const dataDir = await newDataDir()
  const env = { DATABASE_URL: `postgres://keeper:a%20word%20for%20tests@127.0.0.1:${port}/inn` }
  const flags = ['--port', String(await freePort())] // tokens are bound to the address
  const first = await startProgram({ dataDir, env, flags })
  const signedIn = await curl('-d', `username=${first.username}&password=${first.password}`, `${first.api}/login`)
  const bearer = ['-H', `Authorization: Bearer ${signedIn.token}`]
  const { service_ids } = (await curl(...bearer, `${first.api}/dns`)) as { service_ids: string[] }
  const zones = `/service/${service_ids[0]}/dns`
  const made = await curl(...bearer, '-d', 'name=own.example', `${first.api}${zones}`)
  const record = 'name=www&type=A&content=192.0.2.15'
  expect(await curl(...bearer, '-d', record, `${first.api}${zones}/${made.zone_id}/records`)).toMatchObject({
    success: true,
  })
  const lookUp = (dnsPort: number) =>
    eventually(
      () => dig(dnsPort, 'www.own.example', 'A'),
      lines => lines.length > 0,
    )
  expect(await lookUp(first.dnsPort)).toEqual(['192.0.2.15'])
  expect(await first.stop()).toBe(0)

  const second = await startProgram({ dataDir, env, flags })
  expect(second).toMatchObject({ username: first.username, password: first.password })
  expect(await curl(...bearer, `${second.api}${zones}`)).toMatchObject({
    zones: expect.arrayContaining([expect.objectContaining({ name: 'own.example' })]),
  })
  expect(await lookUp(second.dnsPort)).toEqual(['192.0.2.15'])
  expect(await second.stop()).toBe(0)
  expect(await readdir(dataDir)).not.toContain('pg-data')
  await removeDataDir(dataDir)
})

test('`audit money` tells by its exit code whether all money adds up, and names what somebody changed by SQL', async () => {
  await sql('create database books owner keeper')
  const dataDir = await newDataDir()
  const env = { DATABASE_URL: `postgres://keeper:a%20word%20for%20tests@127.0.0.1:${port}/books` }
  const audit = () => innkeeper(['audit', 'money', '--data', dataDir], '', env)
  expect(await audit()).toMatchObject({ code: 0, out: 'All money adds up.\n' })
  const books = (text: string) =>
    run(`${binaries}/psql`, ['-X', '-h', home, '-p', String(port), '-U', 'postgres', '-qAtc', text, 'books'], user)
  // Past every trigger, as only a superuser can.
  await books(`set session_replication_role = replica;
    insert into ledger_entry (at, event, key) values ('2026-11-17', 'credit.add', 'half an entry');
    insert into ledger_posting (entry_id, ledger, currency, amount_minor) values (1, 'revenue', 'EUR', -5)`)
  const red = await audit()
  expect(red.code).toBe(1)
  expect(JSON.parse(red.out.split('\n')[0] ?? '')).toMatchObject({ check: 'entry.balanced', id: '1' })
  await removeDataDir(dataDir)
})
