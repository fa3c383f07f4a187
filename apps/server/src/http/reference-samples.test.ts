import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type AnyOperation, operations } from '@innkeeper/contract'
import { type Sample, samplesOf } from '@innkeeper/contract/render'
import Fastify from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'

interface Case {
  readonly operation: AnyOperation
  readonly request: Readonly<Record<string, unknown>>
}

/** The example of every operation, and texts that a language could misread in its quotes. */
const cases: Case[] = operations.map(operation => ({ operation, request: operation.examples[0].request ?? {} }))
for (const text of ["It's $HOME", 'say "hé" `now`', 'a\\b\\n', 'two\nlines\r\nthree', "'", '{$x} #{y} %s', '\\']) {
  const operation = operations.find(({ id }) => id === 'account.updateDetails')
  if (operation !== undefined) cases.push({ operation, request: { address1: text, city: 'Tallinn' } })
}

const extensions = { shell: 'sh', php: 'php', python: 'py', typescript: 'ts' }
const heard = new Map<string, { method: string; url: string; authorization: string | undefined; body: unknown }>()
const server = Fastify({ bodyLimit: 32 * 1024 * 1024 })
const folder = mkdtempSync(join(tmpdir(), 'innkeeper-samples-'))
let origin: string

beforeAll(async () => {
  server.all('/:language/:index/*', async request => {
    const { language, index } = request.params as { language: string; index: string } // the names of the route
    const prefix = `/${language}/${index}`
    const { method, url, headers, body } = request
    heard.set(prefix, { method, url: url.slice(prefix.length), authorization: headers.authorization, body })
    return { success: true }
  })
  origin = await server.listen({ host: '127.0.0.1', port: 0 })
  const vendor = join(folder, 'vendor')
  await promisify(execFile)('mkdir', ['-p', vendor])
  writeFileSync(join(vendor, 'autoload.php'), "<?php require_once '/usr/share/php/GuzzleHttp/autoload.php';")
})

afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

/** One process runs all samples of a language, each as it stands in its own file: starting one for each takes minutes. */
const runners: Record<Sample['language'], (files: string[]) => [command: string, args: string[]]> = {
  shell: files => ['bash', ['-c', 'for file in "$@"; do bash -e "$file" || exit 1; done', 'bash', ...files]],
  php: files => [
    'php',
    ['-r', 'foreach (array_slice($argv, 1) as $f) (function ($f) { require $f; })($f);', '--', ...files],
  ],
  python: files => ['python3', ['-c', 'import runpy, sys\nfor f in sys.argv[1:]: runpy.run_path(f)', ...files]],
  typescript: files => {
    writeFileSync(join(folder, 'all.ts'), files.map(file => `import ${JSON.stringify(file)}\n`).join(''))
    return [process.execPath, ['--import', createRequire(import.meta.url).resolve('tsx'), join(folder, 'all.ts')]]
  },
}

test.each(['shell', 'php', 'python', 'typescript'] as const)(
  'every %s sample runs and sends what its operation takes',
  async language => {
    const files = cases.map(({ operation, request }, index) => {
      const serverUrl = `${origin}/${language}/${index}`
      const samples = samplesOf(operation, { serverUrl, authorization: 'Bearer YOUR_TOKEN', request })
      const file = join(folder, `${index}.${extensions[language]}`)
      writeFileSync(file, samples.find(sample => sample.language === language)?.code ?? '')
      return file
    })
    const [command, args] = runners[language](files)
    await promisify(execFile)(command, args, { cwd: folder, timeout: 110_000 })
    cases.forEach(({ operation, request }, index) => {
      expect(heard.get(`/${language}/${index}`), operation.id).toEqual(expectation(operation, request))
    })
  },
  120_000,
)

function expectation(operation: AnyOperation, request: Case['request']) {
  const rest = { ...request }
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(rest[name])
    delete rest[name]
    return encodeURIComponent(value)
  })
  const fields = Object.keys(rest).length > 0
  const inBody = operation.method === 'POST' || operation.method === 'PUT'
  const query = fields && !inBody ? `?${new URLSearchParams(rest as Record<string, string>)}` : ''
  return {
    method: operation.method,
    url: `/api${path}${query}`,
    authorization: operation.access.kind === 'public' ? undefined : 'Bearer YOUR_TOKEN',
    body: fields && inBody ? rest : undefined,
  }
}
