import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createOnce } from '../../create-once.ts'

/** Where a data folder keeps the password of its server. */
export const passwordName = 'postgres.password'

/**
 * The password of the embedded server, made at the first start in a file that only the program's user can read. The
 * server's user may have processes that are not ours: as root's, it is `nobody`.
 */
export async function loadPassword(dataFolder: string, clusterExists: boolean): Promise<string> {
  const path = join(dataFolder, passwordName)
  const read = async () => (await readFile(path, 'utf8')).trim()
  try {
    return await read()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error // what readFile throws
  }
  if (clusterExists) {
    throw new Error(
      `the database is there, but not its password, ${path}. Put that file back, or set a new password as docs/operate.md says under "The database".`,
    )
  }
  await createOnce(path, `${randomBytes(32).toString('base64url')}\n`)
  return read()
}

/**
 * What PostgreSQL keeps instead of the password (RFC 5803): given to it in this form, the password never is in a file that
 * its user can read. One iteration: more of them slow down the guessing of what people think up, this is 256 random bits.
 */
export function passwordVerifier(password: string): string {
  const salt = randomBytes(16)
  const iterations = 1
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const key = (name: string) => createHmac('sha256', salted).update(name).digest()
  const storedKey = createHash('sha256').update(key('Client Key')).digest('base64')
  const serverKey = key('Server Key').toString('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}
