import { accountCreate } from './commands/account-create.ts'
import { auditMoneyCommand } from './commands/audit-money.ts'
import { backupCommand, restoreCommand } from './commands/backup.ts'
import { bankImport } from './commands/bank-import.ts'
import { catalogImport } from './commands/catalog-import.ts'
import { type Command, splitFlags, UsageError } from './commands/command.ts'
import { demo, demoReset } from './commands/demo.ts'
import { doctor } from './commands/doctor.ts'
import { jobs } from './commands/jobs.ts'
import { migrateCommand } from './commands/migrate.ts'
import { noSuchCommand } from './commands/no-such-command.ts'
import { rotateKeysCommand } from './commands/rotate-keys.ts'
import { api, nameserver, serve, worker } from './commands/serve.ts'
import { serviceAdd } from './commands/service-add.ts'
import { simulateCommand } from './commands/simulate.ts'
import { staffCreate, staffReset } from './commands/staff-create.ts'
import { tax, taxSet } from './commands/tax.ts'
import { ConfigError } from './load-config.ts'

/** Every subcommand, by the words that call it. */
const commands: Readonly<Record<string, Command>> = {
  serve,
  api,
  worker,
  nameserver,
  demo,
  'demo reset': demoReset,
  migrate: migrateCommand,
  doctor,
  'account create': accountCreate,
  'service add': serviceAdd,
  'catalog import': catalogImport,
  'staff create': staffCreate,
  'staff reset': staffReset,
  'keys rotate': rotateKeysCommand,
  tax,
  'tax set': taxSet,
  'bank import': bankImport,
  jobs,
  'audit money': auditMoneyCommand,
  simulate: simulateCommand,
  backup: backupCommand,
  restore: restoreCommand,
}

async function main(): Promise<number> {
  const words = process.argv.slice(2)
  const name = [words.slice(0, 2).join(' '), words[0] ?? ''].find(each => Object.hasOwn(commands, each))
  const command = name === undefined ? undefined : commands[name]
  if (name === undefined || command === undefined) {
    const asked = words.length === 0 || words[0] === 'help' || words[0] === '--help'
    if (!asked) throw new UsageError(noSuchCommand(words, Object.keys(commands)))
    process.stdout.write(usage())
    return 0
  }
  const rest = words.slice(name.split(' ').length)
  if (rest.includes('--help')) {
    process.stdout.write(`innkeeper ${command.usage}\n\n${command.summary}\n`)
    return 0
  }
  return command.run({ ...splitFlags(rest, command.flags), env: process.env })
}

function usage(): string {
  const lines = Object.values(commands).map(({ usage, summary }) => `  ${usage.padEnd(46)} ${summary.split('\n')[0]}`)
  return `innkeeper COMMAND [settings]\n\n${lines.join('\n')}\n\nSettings: docs/configuration.md, e.g. --data DIR --port P\n`
}

try {
  process.exitCode = await main()
} catch (error) {
  const plain = error instanceof UsageError || error instanceof ConfigError
  process.stderr.write(`innkeeper: ${plain ? error.message : describe(error)}\n`)
  process.exitCode = plain ? 2 : 1
}

/** An error and its causes; the stacks are for `INNKEEPER_LOG_LEVEL=debug`. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const text = process.env.INNKEEPER_LOG_LEVEL === 'debug' ? (error.stack ?? error.message) : error.message
  return error.cause === undefined ? text : `${text}\n  because: ${describe(error.cause)}`
}
