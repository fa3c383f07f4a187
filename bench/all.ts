// Every bench, one after another; fails where one missed a limit.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

for (const name of ['api', 'nameserver', 'invoices', 'renewals']) {
  console.log(`${name}:`)
  const words = ['--import', 'tsx', join(import.meta.dirname, `${name}.ts`)]
  const { status } = spawnSync(process.execPath, words, { stdio: 'inherit', cwd: join(import.meta.dirname, '..') })
  if (status !== 0) process.exitCode = 1
}
