import { loadConfig } from '../load-config.ts'
import { simulate, type ToldMonth } from '../simulation/simulate.ts'
import { type Command, UsageError } from './command.ts'

export const simulateCommand: Command = {
  usage: 'simulate [--months N] [--services N] [--seed N]',
  summary: 'Lives months of billing in a database of its own, which is dropped again, and audits the money',
  flags: { months: 'value', services: 'value', seed: 'value' },
  async run({ argv, env, flags }) {
    const { config, rest } = loadConfig({ argv, env })
    if (rest.length > 0) throw new UsageError(`"${rest[0]}" is not understood`)
    // Ctrl-C still drops the database.
    const stop = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
    const wanted = {
      stop: stop.signal,
      months: readNumber(flags.months, 'months', 36, 600),
      services: readNumber(flags.services, 'services', 1_000, 1_000_000),
      seed: readNumber(flags.seed, 'seed', 1, 2 ** 32 - 1),
    }
    process.stdout.write(`${columns.map(column => column.padStart(width(column))).join('')}\n`)
    const { findings, refused } = await simulate(config, wanted, month => {
      process.stdout.write(`${columns.map(column => String(month[column]).padStart(width(column))).join('')}\n`)
    })
    process.stdout.write(`\n${refused} wishes of customers were refused, as they should be.\n`)
    for (const finding of findings) process.stdout.write(`${JSON.stringify(finding)}\n`)
    process.stdout.write(findings.length === 0 ? 'All money adds up.\n' : `${findings.length} findings.\n`)
    return findings.length === 0 ? 0 : 1
  },
}

const columns = [
  'month',
  'active',
  'suspended',
  'ended',
  'orders',
  'changes',
  'invoices',
  'billed',
  'paid',
  'open',
  'letters',
  'seconds',
  'megabytes',
] as const satisfies readonly (keyof ToldMonth)[]

function width(column: string): number {
  return Math.max(column.length, 9) + 2
}

function readNumber(given: string | true | undefined, name: string, usual: number, most: number): number {
  if (given === undefined) return usual
  const number = Number(given)
  if (given === true || !Number.isInteger(number) || number < 1 || number > most)
    throw new UsageError(`--${name} is a whole number from 1 to ${most}`)
  return number
}
