// The list of invoices of a client with 10 000 of them beside one with 100, in turns, in the program as `npm start` runs
// it. Writes bench/results/invoices.json and fails where a limit is missed. Takes about a minute and a half.
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbedded } from '../apps/server/src/db/embedded/server.ts'
import { openRunFolder } from '../apps/server/test/run-folder.ts'
import { ask, openClient } from './api-client.ts'
import { loadHttp } from './api-load.ts'
import { type Program, startProgram } from './api-program.ts'
import { type Figure, median, report } from './report.ts'

const rounds = 5
const seconds = 2
const many = 10_000
const few = 100

/** What is asked of both, and which of their pages that is. */
const questions = [
  { what: 'first page', path: () => '/invoice?page=0&perpage=25' },
  { what: 'last page', path: (invoices: number) => `/invoice?page=${invoices / 25 - 1}&perpage=25` },
] as const

const dataDir = await mkdtemp(join(await openRunFolder(), 'innkeeper-bench-'))
try {
  const program = await startProgram(dataDir)
  try {
    await measure(program)
  } finally {
    await program.stop()
  }
} finally {
  await rm(dataDir, { recursive: true, force: true })
}

async function measure(program: Program): Promise<void> {
  const clients = [await client(program, few), await client(program, many)] as const
  const targets = questions.map(({ what, path }) => ({
    what,
    loads: clients.map(({ invoices, headers }) => ({ url: program.api + path(invoices), pid: program.pid, headers })),
    times: clients.map((): number[] => []),
  }))
  for (const { loads } of targets) for (const load of loads) await loadHttp(load, 1)
  for (let round = 0; round < rounds; round++) {
    for (const { loads, times } of targets) {
      for (const [index, load] of loads.entries()) times[index]?.push(1000 / (await loadHttp(load, seconds)).perSecond)
    }
  }
  const figures = targets.map(({ what, times: [small = [], large = []] }): Figure => {
    const ratios = large.map((time, round) => time / (small[round] ?? 0))
    return { what: `GET /invoice, ${what}, ${many} invoices ÷ ${few}, time`, value: median(ratios), atMost: 2 }
  })
  const details = targets.flatMap(({ what, times }) =>
    clients.map(({ invoices }, index) => ({ what, invoices, milliseconds: median(times[index] ?? []) })),
  )
  await report('invoices', figures, { details })
}

/** A client with that many paid invoices of one line, who has signed in. */
async function client(program: Program, invoices: number) {
  const stranger = openClient(program.api, {})
  const [email, password] = [`invoices-${invoices}@example.com`, 'correct horse battery']
  const { client_id } = await ask<{ client_id: string }>(stranger, 'POST', '/signup', { email, password })
  await fill(client_id, invoices)
  const { token } = await ask<{ token: string }>(stranger, 'POST', '/login', { username: email, password })
  const headers = { authorization: `Bearer ${token}` }
  const { invoices: all } = await ask<{ invoices: unknown[] }>(openClient(program.api, headers), 'GET', '/invoice')
  if (all.length !== invoices) throw new Error(`${all.length} invoices instead of ${invoices}`)
  return { invoices, headers }
}

/** By SQL, as one of each day back from today: only their number matters here. */
async function fill(accountId: string, invoices: number): Promise<void> {
  const postgres = await startEmbedded(dataDir) // joins the program's
  const db = new pg.Client(postgres.connection)
  await db.connect()
  await db.query(
    `insert into invoice (account_id, status, currency, issued_on, original_on, due_on, subtotal_minor, total_minor, created_at)
     select $1, 'Draft', 'EUR', day, day, day + 7, 2000, 2000, day from generate_series(1, $2::integer) as n,
       lateral (select current_date - ($2::integer - n) as day) as days`,
    [accountId, invoices],
  )
  await db.query(
    `insert into invoice_line (invoice_id, position, type, description, unit_minor, amount_minor, net_minor, taxed)
     select id, 1, 'Hosting', 'Web hosting M', 2000, 2000, 2000, false from invoice where account_id = $1`,
    [accountId],
  )
  await db.query(
    `update invoice set status = 'Paid', number = 'bench ' || invoice.id, paid_minor = 2000, paid_at = created_at,
       finalised_at = created_at, place = numbered.place
     from (select id, row_number() over (order by id) as place from invoice where account_id = $1) as numbered
     where numbered.id = invoice.id`,
    [accountId],
  )
  await db.query('vacuum analyze invoice')
  await db.end()
  await postgres.stop()
}
