import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import type { App } from '../context.ts'
import { loadConfig } from '../load-config.ts'
import { applyImport, CatalogueError, describePlan, type Plan, planImport } from '../modules/catalog/index.ts'
import { asOperator } from '../operator.ts'
import { type Command, UsageError } from './command.ts'
import { withConfig } from './with-app.ts'

export const catalogImport: Command = {
  usage: 'catalog import FILE [--yes]',
  summary: 'Makes the catalogue what a YAML or JSON file says; shows what changes, and asks',
  flags: { yes: 'switch' },
  async run({ argv, env, flags }) {
    const { config, rest } = loadConfig({ argv, env })
    const [file] = rest
    if (file === undefined || rest.length > 1) throw new UsageError('name one file')
    const source = await readFile(file, 'utf8').catch((error: Error) => {
      throw new UsageError(error.message)
    })
    return withConfig(config, app => importInto(app, file, source, flags.yes === true))
  },
}

async function importInto(app: App, file: string, source: string, yes: boolean): Promise<void> {
  const plan = await planImport(app, source).catch((error: unknown) => {
    if (error instanceof CatalogueError) throw new UsageError(`${file} cannot be imported:\n${error.message}`)
    throw error
  })
  process.stdout.write(`${describePlan(plan).join('\n')}\n`)
  if (plan.changes.length === 0) return
  if (!yes && !(await confirmed(plan))) {
    process.stdout.write('Nothing was changed; --yes applies it without asking.\n')
    return
  }
  // Refused if somebody imports in between: what is done is what was shown.
  await asOperator(app, ctx => applyImport(ctx, source, plan.fingerprint))
  process.stdout.write('Done.\n')
}

/** A script that does not say --yes is shown the changes and nothing else. */
async function confirmed({ changes }: Plan): Promise<boolean> {
  if (!process.stdin.isTTY) return false
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const answer = await terminal.question(`Apply ${changes.length} changes? [y/N] `)
    return ['y', 'yes'].includes(answer.trim().toLowerCase())
  } finally {
    terminal.close()
  }
}
