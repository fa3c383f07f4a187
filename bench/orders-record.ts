import pg from 'pg'
import { type Config, defaultConfig } from '../apps/server/src/config.ts'
import { createHttp } from '../apps/server/src/http/app.ts'
import { createLog } from '../apps/server/src/log.ts'
import { openSessions } from '../apps/server/src/modules/sessions/index.ts'
import { openApp } from '../apps/server/src/node.ts'
import type { Running } from '../apps/server/src/running.ts'
import { surfacesOf } from '../apps/server/src/surfaces.ts'
import type { Program } from './api-program.ts'
import type { Buyer, Order } from './orders-shop.ts'

/** A statement as it went to the server, with what came back. */
export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

export interface RecordedOrder {
  readonly statements: readonly Statement[]
  /** Whose order it was. */
  readonly accountId: string
}

/** Places an order in this process, on the database of the program, and notes what was sent for it. */
export async function recordOrder(
  { api }: Program,
  settings: Pick<Config, 'dataDir' | 'seller' | 'billing'>,
  { path, body }: Order,
  [buyer]: readonly Buyer[],
): Promise<RecordedOrder> {
  if (buyer === undefined) throw new Error('nobody to order')
  const started: Running[] = []
  // Tokens name the address that they are for.
  const config = { ...defaultConfig(settings.dataDir), ...settings, publicUrl: api.replace(/\/api$/, '') }
  const { app } = await openApp(config, createLog({ logLevel: 'error' }), started, { ofProcess: false })
  const server = createHttp(app, surfacesOf(app, await openSessions(app)))
  try {
    const place = () =>
      server.inject({
        method: 'POST',
        url: `/api${path}`,
        headers: { authorization: `Bearer ${buyer.token}` },
        payload: body,
      })
    await place() // who it is does not have to be looked up again
    const statements = await recording(async () => {
      const { statusCode, body: answer } = await place()
      if (statusCode !== 200) throw new Error(answer)
    })
    return { statements, accountId: buyer.accountId }
  } finally {
    await server.close()
    for (const part of started.reverse()) await part.stop()
  }
}

type Callback = (error: Error | null, result?: pg.QueryResult) => void
type Query = (this: pg.Client, query: pg.QueryConfig, callback?: Callback) => unknown

/** Notes what all connections of this process send while the work is done. */
async function recording(work: () => Promise<void>): Promise<Statement[]> {
  const statements: Statement[] = []
  const clients = pg.Client.prototype as unknown as { query: Query } // the one of its forms that db/statements.ts uses
  const { query } = clients
  clients.query = function (sent, callback) {
    // Without a callback it is no statement of the program's work: a connection is looked after.
    if (callback === undefined) return query.call(this, sent)
    return query.call(this, sent, (error, result) => {
      if (result !== undefined) statements.push({ text: sent.text, values: sent.values ?? [], rows: result.rows })
      callback(error, result)
    })
  }
  try {
    await work()
  } finally {
    clients.query = query
  }
  return statements
}
