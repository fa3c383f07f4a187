// The builtin name server beside a bare UDP echo and PowerDNS, in turns on the same core; dnsperf has the other one.
// Writes bench/results/nameserver.json and fails where a limit is missed. Takes about three minutes.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openRunFolder } from '../apps/server/test/run-folder.ts'
import { type Load, load, residentMegabytes } from './nameserver-load.ts'
import { startPowerDns, startProgram, type Target } from './nameserver-targets.ts'

const rounds = 5
const seconds = 3
const program = 'bench/nameserver-builtin.ts'
const folder = await mkdtemp(join(await openRunFolder(), 'innkeeper-bench-'))
const targets: Target[] = []

try {
  const start = async (starting: Promise<Target>) => {
    const started = await starting
    targets.push(started)
    return started
  }
  const echo = await start(startProgram('node:dgram echo', folder, 10_000, ['bench/nameserver-echo.ts']))
  const few = await start(startProgram('builtin, 100 zones', folder, 100, [program, '100', '10']))
  const main = await start(startProgram('builtin, 10 000 zones', folder, 10_000, [program, '10000', '10']))
  const loadedMegabytes = await residentMegabytes(main.pid)
  const many = await start(startProgram('builtin, 100 000 zones', folder, 100_000, [program, '100000', '10']))
  const busy = await start(
    startProgram('builtin, 10 000 zones, 1000 records published 20 times a second', folder, 10_000, [
      program,
      '10000',
      '10',
      '1000',
    ]),
  )
  const powerDns = await start(startPowerDns(folder, 10_000, 10))

  const loads = new Map<Target, Load[]>(targets.map(target => [target, []]))
  for (const target of targets) await load(target, 2)
  for (let round = 0; round < rounds; round++) {
    for (const target of targets) loads.get(target)?.push(await load(target, seconds))
  }

  /** The middle one of the rounds' ratios: what else runs on the machine strikes single runs. */
  const ratio = (one: Target, other: Target) => {
    const others = loads.get(other) ?? []
    return median(
      (loads.get(one) ?? []).map((own, round) => own.answersPerCpuSecond / (others[round]?.answersPerCpuSecond ?? 0)),
    )
  }
  const limits = [
    { what: 'answers with 10 000 zones ÷ echo', value: ratio(main, echo), atLeast: 0.6 },
    { what: 'answers with 100 000 zones ÷ with 100', value: ratio(many, few), atLeast: 0.9 },
    { what: 'MB resident with 100 000 records, loaded', value: loadedMegabytes, atMost: 150 },
    { what: 'MB resident with 100 000 records, after the load', value: last(loads.get(main)), atMost: 150 },
  ]
  const comparisons = [
    { what: 'builtin ÷ PowerDNS, 10 000 zones', value: ratio(main, powerDns) },
    { what: 'answers while a zone of 1000 records is published 20 times a second ÷ without', value: ratio(busy, main) },
  ]
  const measured = targets.map(target => summary(target, loads.get(target) ?? []))
  await mkdir(join(import.meta.dirname, 'results'), { recursive: true })
  const report = JSON.stringify({ rounds, seconds, measured, limits, comparisons }, undefined, 2)
  await writeFile(join(import.meta.dirname, 'results/nameserver.json'), `${report}\n`)
  console.table(measured)
  console.table([...limits.map(limit => ({ ...limit, held: held(limit) })), ...comparisons])
  if (!limits.every(held)) process.exitCode = 1
} finally {
  for (const target of targets) await target.stop()
  await rm(folder, { recursive: true })
}

function held(limit: { value: number; atLeast?: number; atMost?: number }): boolean {
  return limit.value >= (limit.atLeast ?? limit.value) && limit.value <= (limit.atMost ?? limit.value)
}

function summary(target: Target, runs: Load[]) {
  return {
    name: target.name,
    answersPerCpuSecond: Math.round(median(runs.map(run => run.answersPerCpuSecond))),
    answersPerSecond: Math.round(median(runs.map(run => run.answersPerSecond))),
    lostPercent: median(runs.map(run => run.lostPercent)),
    residentMegabytes: Math.round(last(runs)),
  }
}

function last(runs: Load[] | undefined): number {
  return runs?.at(-1)?.residentMegabytes ?? Number.POSITIVE_INFINITY
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
}
