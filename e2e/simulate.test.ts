import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { innkeeper, newDataDir, removeDataDir } from './program.ts'

/* `innkeeper simulate` on an installation whose own database must not notice. */

let dataDir: string
let before: Awaited<ReturnType<typeof left>>
beforeAll(async () => {
  dataDir = await newDataDir()
  expect(await innkeeper(['migrate', '--data', dataDir])).toMatchObject({ code: 0 })
  before = await left()
})
afterAll(() => removeDataDir(dataDir))

/** A folder for each database, the temporary folders of simulations, and whatever runs on the data folder. */
async function left() {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map(pid => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return {
    databases: await readdir(join(dataDir, 'pg-data/base')),
    folders: (await readdir(tmpdir())).filter(name => name.startsWith('innkeeper-simulation-')),
    processes: lines.filter(line => line.includes(dataDir)),
  }
}

const cells = (line = '') => line.trim().split(/ +/)

test('two months are told in a table, the money of them adds up, and nothing of them stays', async () => {
  const words = ['simulate', '--months', '2', '--services', '6', '--seed', '7', '--data', dataDir]
  const { code, out, err } = await innkeeper(words)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const [header, first, second, ...rest] = out.split('\n')
  const columns = 'month active suspended ended orders changes invoices billed paid open letters seconds megabytes'
  expect(cells(header)).toEqual(columns.split(' '))
  for (const line of [first, second]) {
    expect(cells(line)).toHaveLength(13)
    expect(line).toMatch(/^ +\d{4}-\d\d( +\d+){6}( +\d+\.\d\d){3} +\d+ +\d+(\.\d)? +\d+$/)
  }
  const monthsOf = (line = '') => Number(cells(line)[0]?.slice(0, 4)) * 12 + Number(cells(line)[0]?.slice(5))
  expect(monthsOf(second) - monthsOf(first)).toBe(1)
  const [, , , , orders, , invoices, billed] = cells(first).map(Number)
  expect(orders).toBeGreaterThan(0)
  expect(invoices).toBeGreaterThan(0)
  expect(billed).toBeGreaterThan(0)
  expect(rest).toEqual([
    '',
    expect.stringMatching(/^\d+ wishes of customers were refused, as they should be\.$/),
    'All money adds up.',
    '',
  ])
  expect(await left()).toEqual(before)
}, 120_000)

const long = ['apps/server/bin/innkeeper.mjs', 'simulate', '--months', '600', '--services', '20', '--data']

function startLong() {
  return spawn(process.execPath, [...long, dataDir], { cwd: new URL('..', import.meta.url).pathname })
}

test('Ctrl-C ends it after the day it is at, with the money of that time audited and nothing left', async () => {
  const child = startLong()
  const [errors, ended] = [text(child.stderr), once(child, 'close')]
  const lines: string[] = []
  let meanwhile: Awaited<ReturnType<typeof left>> | undefined
  for await (const line of createInterface(child.stdout)) {
    if (lines.push(line) !== 2) continue
    meanwhile = await left()
    child.kill('SIGINT')
  }
  expect([await ended, await errors]).toEqual([[0, null], ''])
  expect(meanwhile?.databases).toHaveLength(before.databases.length + 1)
  expect(meanwhile?.folders).toHaveLength(before.folders.length + 1)
  expect(lines.length).toBeLessThan(100)
  expect(lines.at(-1)).toBe('All money adds up.')
  expect(await left()).toEqual(before)
}, 120_000)

/** Its header and its first month are told; what it says after is let go by. */
async function firstMonth({ stdout }: ReturnType<typeof startLong>): Promise<void> {
  const lines = createInterface(stdout)
  await once(lines, 'line')
  await once(lines, 'line')
}

test('the database of a simulation that was killed is dropped by the next one, that of a running one is not', async () => {
  const running = startLong()
  await firstMonth(running)
  const killed = startLong()
  await firstMonth(killed)
  const gone = once(killed, 'close')
  killed.kill('SIGKILL')
  await gone
  expect((await left()).databases).toHaveLength(before.databases.length + 2)
  const next = await innkeeper(['simulate', '--months', '1', '--services', '2', '--data', dataDir])
  expect(next).toMatchObject({ code: 0, err: '' })
  expect((await left()).databases).toHaveLength(before.databases.length + 1)
  const ended = once(running, 'close')
  running.kill('SIGINT')
  expect(await ended).toEqual([0, null])
  expect((await left()).databases).toEqual(before.databases)
}, 120_000)

test.each([
  [['--months', '0'], '--months is a whole number from 1 to 600'],
  [['--services', '1.5'], '--services is a whole number from 1 to 1000000'],
  [['--seed'], '--seed needs a value'],
  [['--months', '--services', '5'], '--months needs a value'],
  [['months'], '"months" is not understood'],
  [['--years', '3'], '--years is not a setting; docs/configuration.md lists them all'],
])('simulate %j is refused in one line', async (words, message) => {
  const refused = await innkeeper(['simulate', '--data', dataDir, ...words])
  expect(refused).toEqual({ code: 2, out: '', err: `innkeeper: ${message}\n` })
})
