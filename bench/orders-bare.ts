// The statements of a recorded order, sent again and again through pg alone, prepared, each order with ids of its own.
// Arguments: connections, seconds. The recording comes on the standard input; orders in a second go out.
import { randomInt } from 'node:crypto'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import type { Replay } from './orders-bare-process.ts'
import type { Statement } from './orders-record.ts'
import { idPattern } from './orders-shop.ts'

const warmUpMilliseconds = 1500
const [connections = '1', seconds = '1'] = process.argv.slice(2)
const { connection, recorded, accountIds } = JSON.parse(await text(process.stdin)) as Replay // written by replayBare

let placed = 0
let turn = 0
let until = performance.now() + warmUpMilliseconds
const clients = await Promise.all(
  Array.from({ length: Number(connections) }, async () => {
    const client = new pg.Client(connection)
    await client.connect()
    return client
  }),
)
await Promise.all(clients.map(orderAgainAndAgain))
placed = 0
const began = performance.now()
until = began + Number(seconds) * 1000
await Promise.all(clients.map(orderAgainAndAgain))
console.log(placed / ((performance.now() - began) / 1000))
await Promise.all(clients.map(client => client.end()))

async function orderAgainAndAgain(client: pg.Client): Promise<void> {
  while (performance.now() < until) {
    turn = (turn + 1) % accountIds.length
    await replay(client, accountIds[turn] ?? '')
    placed++
  }
}

/** Ids that the recorded order got stand in its later statements: there, those of this one are put. */
async function replay(client: pg.Client, accountId: string): Promise<void> {
  const ids = new Map([[recorded.accountId, accountId]])
  for (const [index, statement] of recorded.statements.entries()) {
    const values = statement.values.map(value => withIds(value, ids))
    const { rows } = await client.query<Record<string, unknown>>({ ...named(index, statement), values })
    learn(statement.rows, rows, ids)
  }
}

function named(index: number, { text: statement }: Statement): { name?: string; text: string } {
  return /^(begin|commit)/i.test(statement) ? { text: statement } : { name: `s${index}`, text: statement }
}

function withIds(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map(item => withIds(item, ids))
  if (typeof value !== 'string') return value
  return value
    .replaceAll(idPattern, id => ids.get(id) ?? id)
    .replace(/"number":\d{9}/, () => `"number":${randomInt(100_000_000, 1_000_000_000)}`)
}

function learn(
  before: Statement['rows'],
  now: readonly Readonly<Record<string, unknown>>[],
  ids: Map<string, string>,
): void {
  for (const [index, row] of before.entries()) {
    for (const [name, value] of Object.entries(row)) {
      const own = now[index]?.[name]
      if (typeof value === 'string' && typeof own === 'string' && value.match(idPattern)?.[0] === value)
        ids.set(value, own)
    }
  }
}
