import type { Queryable } from '../../db/database.ts'

export interface RedirectRecord {
  readonly name: string
  readonly type: 'URL' | 'FRAME'
  /** An absolute http or https URL, checked when it was stored. */
  readonly content: string
}

/** The URL and FRAME records of these names, whoever has them: who asks is a browser. */
export async function redirectsOf(db: Queryable, names: readonly string[]): Promise<RedirectRecord[]> {
  const rows = await db
    .selectFrom('dns_record')
    .innerJoin('dns_zone', 'dns_zone.id', 'dns_record.zone_id')
    .where(eb => eb('dns_record.name', '=', eb.fn.any(eb.val(names))))
    .where('dns_record.type', 'in', ['URL', 'FRAME'])
    .where('dns_zone.deleted_at', 'is', null)
    .select(['dns_record.name', 'dns_record.type', 'dns_record.content'])
    .execute()
  return rows.map(({ name, type, content }) => ({ name, type: type === 'URL' ? 'URL' : 'FRAME', content }))
}
