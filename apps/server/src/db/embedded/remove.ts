import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { exists } from './binaries.ts'
import { clusterFolder } from './cluster.ts'
import { pointerName, readPointer } from './home.ts'
import { passwordName } from './password.ts'
import { isRunning, readPostmaster } from './postmaster.ts'

const parts = ['pg-data', 'pg-socket', 'postgres', 'postgres.log', 'postgres.log.1']

/** Removes the embedded server of a data folder with all its data, wherever it lies. Refuses while it runs. */
export async function removeEmbedded(dataFolder: string): Promise<void> {
  const home = (await readPointer(dataFolder)) ?? dataFolder
  const data = clusterFolder(home)
  const found = (await exists(data)) ? await readPostmaster(data) : undefined
  if (found !== undefined && (await isRunning(found, data))) {
    throw new Error(`the database in ${home} is in use: stop the program that runs on ${dataFolder} first`)
  }
  for (const part of parts) await rm(join(home, part), { recursive: true, force: true })
  if (home !== dataFolder) await rm(home, { recursive: true, force: true })
  for (const name of [pointerName, passwordName]) await rm(join(dataFolder, name), { force: true })
}
