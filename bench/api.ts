// The program as `npm start` runs it, beside what it is compared with, in turns. Writes bench/results/api.json and fails
// where a limit is missed. Takes about two and a half minutes.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRunFolder } from '../apps/server/test/run-folder.ts'
import { startPowerDns } from '../packages/drivers/src/dns/powerdns/test-server.ts'
import { measureCreating } from './api-creating.ts'
import { signIn } from './api-customer.ts'
import { startProgram } from './api-program.ts'
import { measurePublishing } from './api-publishing.ts'
import { measureReading } from './api-reading.ts'
import { measureStarting } from './api-starting.ts'
import { type Figure, report } from './report.ts'

const parts = { start: starting, read: reading, create: creating, publish: publishing }
const wanted = process.argv.slice(2)
const figures: Figure[] = []
const details: Record<string, unknown> = {}
await openRunFolder()
for (const [name, measure] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const found = await measure()
  figures.push(...found.figures)
  details[name] = found.details
}
await report('api', figures, details)

async function starting() {
  return measureStarting()
}

async function reading() {
  return withProgram([], async (program, customer, dataDir) => measureReading(program, customer, dataDir))
}

async function creating() {
  return withProgram([], async (_program, customer) => measureCreating(customer))
}

async function publishing() {
  const builtin = await withProgram([], (program, customer) =>
    measurePublishing('builtin', program, customer, program.dnsPort),
  )
  const server = await startPowerDns()
  try {
    const flags = ['--dns-driver', 'powerdns', '--dns-powerdns-url', server.url, '--dns-powerdns-key', server.apiKey]
    const powerDns = await withProgram(flags, (program, customer) =>
      measurePublishing('powerdns', program, customer, server.dnsPort),
    )
    return { figures: [...builtin, ...powerDns], details: {} }
  } finally {
    await server.stop()
  }
}

type Program = Awaited<ReturnType<typeof startProgram>>
type Customer = Awaited<ReturnType<typeof signIn>>

/** A program of its own for each part, so that none inherits the load of another. */
async function withProgram<T>(
  flags: readonly string[],
  measure: (program: Program, customer: Customer, dataDir: string) => Promise<T>,
): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'innkeeper-bench-'))
  try {
    const program = await startProgram(dataDir, flags)
    try {
      const customer = await signIn(program)
      return await measure(program, customer, dataDir)
    } finally {
      await program.stop()
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}
