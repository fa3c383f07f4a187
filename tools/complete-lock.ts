import { readFile, writeFile } from 'node:fs/promises'

/*
 * A registry mirror may lack the binaries of platforms nobody there uses. npm then leaves them out of the lock file, and
 * `npm ci` refuses that file everywhere. This adds what is missing: name, version and platform of optional packages,
 * enough for `npm ci` to pass over them. Run it after every change of dependencies.
 */

interface Entry {
  version?: string
  optionalDependencies?: Record<string, string>
  dev?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
}

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(await readFile(file, 'utf8')) as { packages: Record<string, Entry> } // npm's own format

const systems = [
  'android',
  'darwin',
  'linux',
  'win32',
  'freebsd',
  'openbsd',
  'netbsd',
  'sunos',
  'aix',
  'openharmony',
  'wasi',
]
const processors = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32']

let added = 0
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const nested = `${path}/node_modules/${name}`
    if (nested in lock.packages || `node_modules/${name}` in lock.packages) continue
    const parts = name.split(/[-/]/)
    lock.packages[`node_modules/${name}`] = {
      version: range.replace(/^[~^]/, ''),
      ...(entry.dev === true ? { dev: true } : {}),
      optional: true,
      os: systems.filter(system => parts.some(part => part === system)),
      cpu: processors.filter(processor => parts.includes(processor)),
      ...(parts.some(part => part.startsWith('musl')) ? { libc: ['musl'] } : {}),
    }
    added++
  }
}
const sorted = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
await writeFile(file, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`)
process.stdout.write(`${added} optional packages added\n`)
