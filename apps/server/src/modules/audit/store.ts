import type { Queryable, Tx } from '../../db/database.ts'
import type { Slice } from '../../paging.ts'

/** A happening as the table holds it. */
export interface AuditRow {
  readonly account_id: string | null
  readonly at: Date
  readonly event: string
  readonly description: string
  /** JSON. */
  readonly detail: string
  readonly actor: string
  readonly actor_profile_id: string | null
  readonly address: string
  readonly request_id: string
  /** Which of the staff; statements that write the row themselves leave it out, as only customers run them. */
  readonly staff_id: string | null
}

export async function insertAudits(tx: Tx, rows: readonly AuditRow[]): Promise<void> {
  await tx.insertInto('audit').values(rows).execute()
}

/** For statements that write the row together with the change, which saves a round trip. */
export const auditColumns = 'account_id, at, event, description, detail, actor, actor_profile_id, address, request_id'

/** Nine parameters, in the order of {@link auditColumns}. */
export function auditParameters(row: AuditRow): unknown[] {
  return [
    row.account_id,
    row.at,
    row.event,
    row.description,
    row.detail,
    row.actor,
    row.actor_profile_id,
    row.address,
    row.request_id,
  ]
}

/** The trail of an account, newest first. */
export function auditOf(db: Queryable, accountId: string, slice: Slice | undefined) {
  return db
    .selectFrom('audit')
    .select(['id', 'at', 'event', 'description', 'actor', 'address'])
    .where('account_id', '=', accountId)
    .orderBy('id', 'desc')
    .$if(slice !== undefined, query => query.limit(slice?.limit ?? 0).offset(slice?.offset ?? 0))
    .execute()
}

export async function countAudit(db: Queryable, accountId: string): Promise<number> {
  const { count } = await db
    .selectFrom('audit')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** What of the whole trail is asked for. */
export interface AuditFilter {
  readonly accountId?: string | undefined
  readonly staffId?: string | undefined
  /** The event, or what it begins with. */
  readonly event?: string | undefined
  readonly actor?: string | undefined
  readonly requestId?: string | undefined
  readonly from?: Date | undefined
  readonly until?: Date | undefined
}

/** The trail of everybody, for the staff: newest first, the rows before one that was seen. */
export function auditTrail(db: Queryable, filter: AuditFilter, slice: { before: string | undefined; limit: number }) {
  const { accountId, staffId, event, actor, requestId, from, until } = filter
  const { before, limit } = slice
  return db
    .selectFrom('audit')
    .selectAll()
    .where(eb =>
      eb.and([
        ...(before === undefined ? [] : [eb('id', '<', before)]),
        ...(accountId === undefined ? [] : [eb('account_id', '=', accountId)]),
        ...(staffId === undefined ? [] : [eb('staff_id', '=', staffId)]),
        ...(event === undefined ? [] : [eb(eb.fn('starts_with', ['event', eb.val(event)]), '=', true)]),
        ...(actor === undefined ? [] : [eb('actor', '=', actor)]),
        ...(requestId === undefined ? [] : [eb('request_id', '=', requestId)]),
        ...(from === undefined ? [] : [eb('at', '>=', from)]),
        ...(until === undefined ? [] : [eb('at', '<', until)]),
      ]),
    )
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}
