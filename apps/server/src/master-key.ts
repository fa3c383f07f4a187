import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from './clock.ts'
import { createOnce } from './create-once.ts'
import type { Db } from './db/database.ts'
import { createSecrets, type Secrets } from './secrets.ts'

const purpose = 'installation.key_check'
const knownText = 'innkeeper'

/** The master key of this installation: from the configuration, else from a file in the data folder made at first start. */
export async function loadSecrets(dataDir: string, configuredKey: string | undefined): Promise<Secrets> {
  return createSecrets(configuredKey === undefined ? await keyFile(dataDir) : decodeKey(configuredKey, 'masterKey'))
}

async function keyFile(dataDir: string): Promise<Buffer> {
  const path = join(dataDir, 'master.key')
  const read = () => readFile(path, 'utf8').then(text => decodeKey(text, path))
  try {
    return await read()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error // what readFile throws
  }
  await createOnce(path, `${randomBytes(32).toString('base64')}\n`)
  return read()
}

function decodeKey(text: string, where: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length < 32) throw new Error(`${where}: the master key must be 32 bytes or more in base64`)
  return key
}

/** Throws when the database was written under another master key: nothing in it could be decrypted. */
export async function checkMasterKey(db: Db, secrets: Secrets, clock: Clock): Promise<void> {
  await db
    .insertInto('installation')
    .values({ key_check: secrets.encrypt(purpose, knownText), created_at: clock.now() })
    .onConflict(conflict => conflict.doNothing())
    .execute()
  const { key_check } = await db.selectFrom('installation').select('key_check').executeTakeFirstOrThrow()
  try {
    if (secrets.decrypt(purpose, key_check).toString() === knownText) return
  } catch {
    // told below
  }
  throw new Error('the master key is not the one this database was made with; restore master.key in the data folder')
}
