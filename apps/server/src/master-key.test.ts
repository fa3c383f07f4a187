import { mkdtemp, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testDatabase } from '../test/database.ts'
import { systemClock } from './clock.ts'
import { checkMasterKey, loadSecrets } from './master-key.ts'

test('processes that start at once agree on one key, readable by its owner only', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'innkeeper-key-'))
  const [first, second] = await Promise.all([loadSecrets(dataDir, undefined), loadSecrets(dataDir, undefined)])
  expect(second.decrypt('x', first.encrypt('x', 'secret')).toString()).toBe('secret')
  expect((await stat(join(dataDir, 'master.key'))).mode & 0o077).toBe(0)
})

test('a database of another key is refused before it does harm', async () => {
  const { db, drop } = await testDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'innkeeper-key-'))
  const right = await loadSecrets(dataDir, undefined)
  await checkMasterKey(db, right, systemClock)
  await checkMasterKey(db, right, systemClock)
  const wrong = await loadSecrets(dataDir, Buffer.alloc(32, 1).toString('base64'))
  await expect(checkMasterKey(db, wrong, systemClock)).rejects.toThrow('master key is not the one')
  await drop()
})

test('a ciphertext made for one purpose is not read for another', async () => {
  const secrets = await loadSecrets(await mkdtemp(join(tmpdir(), 'innkeeper-key-')), undefined)
  expect(() => secrets.decrypt('b', secrets.encrypt('a', 'secret'))).toThrow()
})
