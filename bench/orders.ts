// Orders placed through the whole program, beside the SQL statements of the same orders sent bare through pg, in turns.
// Writes bench/results/orders.json and fails where the limit is missed. Takes about a minute.
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { defaultConfig } from '../apps/server/src/config.ts'
import { startEmbedded } from '../apps/server/src/db/embedded/server.ts'
import { openRunFolder } from '../apps/server/test/run-folder.ts'
import { startProgram } from './api-program.ts'
import { replayBare } from './orders-bare-process.ts'
import { loadOrders } from './orders-load.ts'
import { recordOrder } from './orders-record.ts'
import { openBuyers, openShop } from './orders-shop.ts'
import { type Figure, median, report } from './report.ts'

const rounds = 5
const seconds = 4
const connections = [1, 8] as const
/** So many that two connections seldom want the same one, which would wait for itself. */
const accounts = 32
/** The buyers never pay. The recorded order must be limited as the program's are, or the bare SQL would count more. */
const billing = { ...defaultConfig('').billing, maxOpenOrders: 0 }
const seller = { ...defaultConfig('').seller, country: 'EE', vatNumber: 'EE100000001' }

const dataDir = await mkdtemp(join(await openRunFolder(), 'innkeeper-bench-'))
try {
  const unlimited = ['--signups-per-hour', '0', '--billing-max-open-orders', String(billing.maxOpenOrders)]
  const flags = ['--seller-country', seller.country, '--seller-vat-number', seller.vatNumber, ...unlimited]
  const program = await startProgram(dataDir, flags)
  const postgres = await startEmbedded(dataDir) // joins the program's
  const database = new pg.Client(postgres.connection)
  await database.connect()
  try {
    const order = await openShop(database)
    const buyers = await openBuyers(program, database, accounts)
    const recorded = await recordOrder(program, { dataDir, seller, billing }, order, buyers)
    const replay = {
      connection: postgres.connection,
      recorded,
      accountIds: buyers.map(buyer => buyer.accountId),
    }
    const target = { url: `${program.api}${order.path}`, body: order.body, tokens: buyers.map(buyer => buyer.token) }
    const runs = connections.map(count => ({ count, program: [] as number[], bare: [] as number[] }))
    for (const { count } of runs) await loadOrders(target, count, 2)
    for (let round = 0; round < rounds; round++) {
      for (const { count, ...found } of runs) {
        found.program.push(await loadOrders(target, count, seconds))
        found.bare.push(await replayBare(replay, count, seconds))
      }
    }
    const figures = runs.map(({ count, program: own, bare }): Figure => {
      const what = `orders/s over ${count === 1 ? 'one connection' : `${count} connections`}, program ÷ bare SQL`
      const value = median(own.map((rate, round) => rate / (bare[round] ?? 0)))
      return { what, value, atLeast: 0.4 }
    })
    const rates = runs.flatMap(({ count, program: own, bare }): Figure[] => [
      { what: `orders/s over ${count}, program`, value: median(own) },
      // Slower than the program, it measured the disk, and the quotient says nothing.
      { what: `orders/s over ${count}, bare SQL`, value: median(bare), atLeast: median(own) },
    ])
    await report('orders', [...figures, ...rates], {
      statements: recorded.statements.length,
      perSecond: runs.map(({ count, program: own, bare }) => ({
        connections: count,
        program: Math.round(median(own)),
        bare: Math.round(median(bare)),
      })),
    })
  } finally {
    await database.end()
    await postgres.stop()
    await program.stop()
  }
} finally {
  await rm(dataDir, { recursive: true, force: true })
}
