import type { Command } from './command.ts'
import { withNewApp } from './with-app.ts'

export const migrateCommand: Command = {
  usage: 'migrate',
  summary: 'Brings the database up to date, as every start does',
  run: call => withNewApp(call, async () => void process.stdout.write('The database is up to date.\n')),
}
