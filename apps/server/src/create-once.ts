import { randomBytes } from 'node:crypto'
import { link, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a secret's file, which only its owner reads, unless it is there. It is whole or not there, and of two processes
 * that start at once one text wins for both: read it back.
 */
export async function createOnce(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.new-${randomBytes(4).toString('hex')}`
  await writeFile(draft, text, { mode: 0o600 })
  // A link, unlike a rename, fails where the file exists.
  await link(draft, path).catch(error => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error // what link throws
  })
  await rm(draft)
}
