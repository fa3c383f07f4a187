import { randomBytes } from 'node:crypto'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { settings } from './settings.ts'

/** In the data folder: what the demo last ran with, for commands that run beside it. */
export const demoSettingsFile = 'demo-settings.json'

/**
 * Leaves the settings of a running demo to commands: who sells, the ports. Without its secrets, which are in the
 * environment of those commands too, or in a file that they read themselves.
 */
export async function writeDemoSettings(config: Config): Promise<void> {
  const shared = settings.filter(({ key, secret }) => !secret && key !== 'dataDir')
  const written = Object.fromEntries(shared.map(({ key }) => [key, settingOf(config, key)]))
  const path = join(config.dataDir, demoSettingsFile)
  const draft = `${path}.new-${randomBytes(4).toString('hex')}`
  await writeFile(draft, `${JSON.stringify(written, null, 2)}\n`, { mode: 0o600 })
  await rename(draft, path)
}

function settingOf(config: Config, key: string): unknown {
  const [outer = '', inner] = key.split('.')
  const all = config as unknown as Record<string, unknown> // looked up by name, and a test holds keys and Config equal
  return inner === undefined ? all[outer] : (all[outer] as Record<string, unknown>)[inner] // a group of settings
}
