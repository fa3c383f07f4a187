import { closeSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'

const maxBytes = 10_000_000
const shownLines = 15

/** The file the server writes its messages to. */
export interface ServerLog {
  readonly path: string
  readonly fd: number
  /** The last lines written since it was opened here. */
  tail(): string
  close(): void
}

/** Opens the log; one that has grown large becomes postgres.log.1. */
export function openServerLog(home: string): ServerLog {
  const path = join(home, 'postgres.log')
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size > maxBytes) renameSync(path, `${path}.1`)
  const fd = openSync(path, 'a+', 0o640)
  const start = fstatSync(fd).size
  return {
    path,
    fd,
    tail() {
      const length = Math.min(fstatSync(fd).size - start, 64_000)
      const bytes = Buffer.alloc(Math.max(length, 0))
      readSync(fd, bytes, 0, bytes.length, fstatSync(fd).size - bytes.length)
      return bytes.toString('utf8').trimEnd().split('\n').slice(-shownLines).join('\n')
    },
    close: () => closeSync(fd),
  }
}
