import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type pg from 'pg'
import type { RecordedOrder } from './orders-record.ts'

/** What bench/orders-bare.ts is told on its input. */
export interface Replay {
  readonly connection: pg.PoolConfig
  readonly recorded: RecordedOrder
  readonly accountIds: readonly string[]
}

/** Replays in a process of its own, started like the program; orders in a second. */
export async function replayBare(replay: Replay, connections: number, seconds: number): Promise<number> {
  const words = ['--max-semi-space-size=8', '--import', 'tsx', 'bench/orders-bare.ts']
  const child = spawn(process.execPath, [...words, String(connections), String(seconds)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    cwd: join(import.meta.dirname, '..'),
  })
  // To PostgreSQL all of them are texts.
  child.stdin.end(JSON.stringify(replay, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)))
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  if (code !== 0) throw new Error('the bare statements failed')
  return Number(output)
}
