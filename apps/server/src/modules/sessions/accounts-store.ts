import type { Queryable, Tx } from '../../db/database.ts'

export async function selectAllowedAddresses(db: Queryable, accountId: string): Promise<string[]> {
  const row = await db
    .selectFrom('account')
    .select('allowed_addresses')
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow()
  return row.allowed_addresses
}

export async function updateAllowedAddresses(tx: Tx, accountId: string, networks: readonly string[]): Promise<void> {
  await tx
    .updateTable('account')
    .set({ allowed_addresses: [...networks] })
    .where('id', '=', accountId)
    .execute()
}
