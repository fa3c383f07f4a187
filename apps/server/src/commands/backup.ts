import { resolve } from 'node:path'
import type pg from 'pg'
import { systemClock } from '../clock.ts'
import { backUp, restore } from '../db/backup.ts'
import { openInstallation } from '../db/installation.ts'
import { migrate } from '../db/migrate.ts'
import { loadConfig } from '../load-config.ts'
import { createLog } from '../log.ts'
import { type Call, type Command, UsageError } from './command.ts'
import { refuseNew } from './with-app.ts'

export const backupCommand: Command = {
  usage: 'backup FOLDER',
  summary: 'Writes the whole database into a new folder, while the server runs; keep a copy of master.key elsewhere',
  run: call =>
    withFolder(call, 'existing', async (connection, folder) => {
      const { tables } = await backUp(connection, folder, systemClock.now())
      const rows = tables.reduce((sum, table) => sum + table.rows, 0)
      process.stdout.write(`${rows} rows of ${tables.length} tables are in ${folder}.\n`)
    }),
}

export const restoreCommand: Command = {
  usage: 'restore FOLDER',
  summary: 'Takes a backup into an empty database; the server must not run yet',
  run: call =>
    withFolder(call, 'new', async (connection, folder) => {
      await migrate(connection)
      const { takenAt } = await restore(connection, folder)
      process.stdout.write(`The database is as it was at ${takenAt}.\n`)
    }),
}

/** The connection alone: opening the whole App would write into a database that has to be empty. */
async function withFolder(
  { argv, env }: Call,
  wanted: 'existing' | 'new',
  work: (connection: pg.ClientConfig, folder: string) => Promise<void>,
): Promise<0> {
  const { config, rest } = loadConfig({ argv, env })
  const [folder] = rest
  if (folder === undefined || rest.length > 1) throw new UsageError('name one folder')
  if (wanted === 'existing') refuseNew(config)
  const installation = await openInstallation(config, createLog({ logLevel: 'warn' }, process.stderr))
  try {
    await work(installation.connection, resolve(folder))
    return 0
  } finally {
    await installation.stop()
  }
}
