import { execFile } from 'node:child_process'
import { access, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }

/** The Debian packages whose programs the tests talk to (tools/test-packages.txt). */
export async function neededPackages(): Promise<string[]> {
  const text = await readFile(new URL('test-packages.txt', import.meta.url), 'utf8')
  return text
    .split('\n')
    .map(line => line.replace(/#.*/, '').trim())
    .filter(line => line !== '')
}

/** Installs what is missing, where that is possible, and answers with what is still missing and why. */
export async function installPeers(): Promise<{ missing: string[]; reason: string }> {
  const debian = await access('/etc/debian_version').then(
    () => true,
    () => false,
  )
  const needed = await neededPackages()
  if (!debian) return { missing: needed, reason: 'this is not Debian' }
  const missing = await missingOf(needed)
  if (missing.length === 0) return { missing, reason: '' }
  if (process.getuid?.() !== 0) return { missing, reason: 'only root installs packages' }
  process.stdout.write(`installing ${missing.join(' ')}\n`)
  await run('apt-get', ['update', '-qq'], { env: environment })
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
    env: environment,
    maxBuffer: 64 * 1024 * 1024,
  })
  return { missing: await missingOf(needed), reason: 'apt-get did not install it' }
}

async function missingOf(packages: readonly string[]): Promise<string[]> {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own format
  const { stdout } = await run('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n'], {
    maxBuffer: 64 * 1024 * 1024,
  })
  const installed = new Set(
    stdout.split('\n').flatMap(line => (line.endsWith(' installed') ? [line.slice(0, line.indexOf(' '))] : [])),
  )
  return packages.filter(name => !installed.has(name))
}
