import type pg from 'pg'

/** A table as SQL names it, and its columns that hold something of their own. */
export interface BackupTable {
  readonly name: string
  readonly columns: readonly string[]
}

/**
 * All our tables and those of the job queue. Left out: the two tables that say which migrations ran, computed columns,
 * and transaction ids (xid8), which mean nothing in another server and get their default there.
 */
export async function listTables(client: pg.Client): Promise<BackupTable[]> {
  const { rows } = await client.query<BackupTable>(
    `select c.oid::regclass::text as name,
            array_agg(quote_ident(a.attname) order by a.attnum) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relkind = 'r' and a.attgenerated = '' and a.atttypid <> 'xid8'::regtype
       and (n.nspname, c.relname) not in (('public', 'migration'), ('graphile_worker', 'migrations'))
       and n.nspname in ('public', 'graphile_worker')
     group by c.oid order by 1`,
  )
  return rows
}

/** The sequences of those tables: last value, and whether it was given out. */
export async function listSequences(client: pg.Client): Promise<Record<string, readonly [string, boolean]>> {
  const { rows } = await client.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'S' and n.nspname in ('public', 'graphile_worker') order by 1`,
  )
  const sequences: Record<string, readonly [string, boolean]> = {}
  for (const { name } of rows) {
    const { rows: state } = await client.query<{ last_value: string; is_called: boolean }>(
      `select last_value, is_called from ${name}`,
    )
    if (state[0] !== undefined) sequences[name] = [state[0].last_value, state[0].is_called]
  }
  return sequences
}

/** What has run on the database: our files with their checksums, and the state of the job queue. */
export async function migrationState(client: pg.Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    `select name, checksum from migration
     union all select 'graphile_worker', max(id)::text from graphile_worker.migrations order by 1`,
  )
  return Object.fromEntries(rows.map(({ name, checksum }) => [name, checksum]))
}

/** The tables in an order in which each comes after those it refers to. */
export async function restoreOrder(client: pg.Client, tables: readonly BackupTable[]): Promise<BackupTable[]> {
  const { rows } = await client.query<{ from: string; to: string }>(
    `select conrelid::regclass::text as from, confrelid::regclass::text as to
     from pg_constraint where contype = 'f' and conrelid <> confrelid`,
  )
  const ordered: BackupTable[] = []
  const waiting = new Set(tables)
  while (waiting.size > 0) {
    const names = new Set([...waiting].map(({ name }) => name))
    const ready = [...waiting].filter(({ name }) => !rows.some(({ from, to }) => from === name && names.has(to)))
    if (ready.length === 0) throw new Error(`tables refer to each other in a circle: ${[...names].join(', ')}`)
    for (const table of ready) waiting.delete(table)
    ordered.push(...ready)
  }
  return ordered
}

/** Tables of ours whose changes triggers look at, besides those that PostgreSQL makes for foreign keys. */
export async function tablesWithTriggers(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select distinct t.tgrelid::regclass::text as name from pg_trigger t
     join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
     where not t.tgisinternal and n.nspname = 'public' order by 1`,
  )
  return rows.map(({ name }) => name)
}
