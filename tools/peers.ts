import { execFile } from 'node:child_process'
import { access, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }

/** A Debian package whose programs tests talk to, and which tests those are (globs). */
export interface Peer {
  readonly name: string
  readonly tests: readonly string[]
}

/** What is listed in test-packages.txt. */
export async function listedPeers(): Promise<Peer[]> {
  const text = await readFile(new URL('test-packages.txt', import.meta.url), 'utf8')
  return text.split('\n').flatMap(line => {
    const [name = '', ...tests] = line.replace(/#.*/, '').trim().split(/\s+/)
    return name === '' ? [] : [{ name, tests }]
  })
}

/** Installs what is missing, where that is possible, and answers with what is still missing and why. */
export async function installPeers(): Promise<{ missing: Peer[]; reason: string }> {
  const peers = await listedPeers()
  const debian = await access('/etc/debian_version').then(
    () => true,
    () => false,
  )
  if (!debian) return { missing: peers, reason: 'this is not Debian' }
  const missing = await missingOf(peers)
  if (missing.length === 0) return { missing, reason: '' }
  if (process.getuid?.() !== 0) return { missing, reason: 'only root installs packages' }
  const names = missing.map(peer => peer.name)
  process.stdout.write(`installing ${names.join(' ')}\n`)
  await run('apt-get', ['update', '-qq'], { env: environment })
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], {
    env: environment,
    maxBuffer: 64 * 1024 * 1024,
  })
  return { missing: await missingOf(peers), reason: 'apt-get did not install it' }
}

async function missingOf(peers: readonly Peer[]): Promise<Peer[]> {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own format
  const { stdout } = await run('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n'], {
    maxBuffer: 64 * 1024 * 1024,
  })
  const installed = new Set(
    stdout.split('\n').flatMap(line => (line.endsWith(' installed') ? [line.slice(0, line.indexOf(' '))] : [])),
  )
  return peers.filter(peer => !installed.has(peer.name))
}
