import { loadConfig } from '../config.ts'
import type { App } from '../context.ts'
import { createLog } from '../log.ts'
import { openApp, type Running } from '../node.ts'
import { Refusal } from '../refusal.ts'
import { type Call, UsageError } from './command.ts'

/** Runs a command on the installation's database, beside a running server or alone. */
export async function withApp<T>({ argv, env }: Call, work: (app: App) => Promise<T>): Promise<T> {
  const config = await loadConfig({ argv, env })
  const started: Running[] = []
  try {
    const log = createLog({ logLevel: 'warn' }, process.stderr)
    const { app } = await openApp(config, log, started, { ofProcess: false })
    return await work(app)
  } catch (error) {
    if (error instanceof Refusal) throw new UsageError(describeRefusal(error))
    throw error
  } finally {
    for (const running of started.reverse()) await running.stop()
  }
}

function describeRefusal({ code, detail }: Refusal): string {
  const fields = Object.entries(detail.fields ?? {}).map(([field, codes]) => `${field}: ${codes.join(', ')}`)
  return [code, ...fields].join('; ')
}
