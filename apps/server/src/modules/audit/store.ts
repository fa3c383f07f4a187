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

export async function insertAudit(tx: Tx, row: AuditRow): Promise<void> {
  await tx.insertInto('audit').values(row).execute()
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
