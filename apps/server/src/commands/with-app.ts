import { errors } from '@innkeeper/contract'
import type { Config } from '../config.ts'
import type { App } from '../context.ts'
import { isNew } from '../db/installation.ts'
import { createLog } from '../log.ts'
import { openApp } from '../node.ts'
import { Refusal } from '../refusal.ts'
import type { Running } from '../running.ts'
import { type Call, settingsOf, UsageError } from './command.ts'

/** Runs a command on the installation's database, beside a running server or alone; gives its exit code. */
export async function withApp(call: Call, work: (app: App) => Promise<void>): Promise<0> {
  const { config } = settingsOf(call)
  refuseNew(config)
  return withConfig(config, work)
}

/** The same for a command that operators may begin with: it makes the installation if there is none. */
export function withNewApp(call: Call, work: (app: App) => Promise<void>): Promise<0> {
  return withConfig(settingsOf(call).config, work)
}

/** Where nothing is, all money adds up and no job was given up: that must not be said of a wrong data folder. */
export function refuseNew(config: Config): void {
  if (!isNew(config)) return
  throw new UsageError(
    `there is no installation in ${config.dataDir}: name the right folder with --data (or INNKEEPER_DATA_DIR); "innkeeper migrate" makes a new one`,
  )
}

/** For a command that takes words besides settings, and has read both. */
export async function withConfig(config: Config, work: (app: App) => Promise<void>): Promise<0> {
  const started: Running[] = []
  try {
    const log = createLog({ logLevel: 'warn' }, process.stderr)
    const { app } = await openApp(config, log, started, { ofProcess: false })
    await work(app)
    return 0
  } catch (error) {
    if (error instanceof Refusal) throw new UsageError(describeRefusal(error))
    throw error
  } finally {
    for (const running of started.reverse()) await running.stop()
  }
}

/** Where the two general codes send a client to `fields`, a command says what is there. */
const ofFields: Readonly<Record<string, string>> = {
  field_empty_error: 'is missing or empty',
  field_format_error: 'has the wrong form, or is out of range',
}

function describeRefusal({ code, detail }: Refusal): string {
  const fields = Object.entries(detail.fields ?? {})
  const said =
    ofFields[code] === undefined ? [] : fields.map(([field, [own = code]]) => `${field} ${ofFields[own] ?? own}`)
  if (said.length > 0) return `${said.join('; ')} (${code})`
  const { meaning, remedy } = errors[code]
  return `${fields.map(([field]) => `${field}: `).join('')}${meaning} ${remedy} (${code})`
}
