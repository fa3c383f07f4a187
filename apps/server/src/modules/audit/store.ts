import type { Queryable } from '../../db/database.ts'
import type { Slice } from '../../paging.ts'

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
