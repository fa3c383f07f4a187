import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { descendants, eventually, removeDataDir, startProgram } from './program.ts'

test('SIGTERM stops all that the program started', async () => {
  const program = await startProgram()
  const before = await descendants(program.process.pid ?? 0)
  expect(before.length).toBeGreaterThan(0) // PostgreSQL at the least
  expect(await program.stop()).toBe(0)
  expect(await stillThere(before)).toEqual([])
  await removeDataDir(program.dataDir)
})

test('SIGTERM to npm stops what npm start started', async () => {
  const program = await startProgram({ byNpm: true })
  const before = await descendants(program.process.pid ?? 0)
  expect(before.length).toBeGreaterThan(1) // the program and its PostgreSQL
  await program.stop()
  expect(
    await eventually(
      () => stillThere(before),
      pids => pids.length === 0,
    ),
  ).toEqual([])
  await removeDataDir(program.dataDir)
})

async function stillThere(pids: readonly number[]): Promise<number[]> {
  const states = await Promise.all(pids.map(pid => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone')))
  return pids.filter((_pid, index) => states[index] !== 'gone' && !/\) Z /.test(states[index] ?? ''))
}
