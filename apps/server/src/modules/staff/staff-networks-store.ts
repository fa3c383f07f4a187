import type { Queryable, Tx } from '../../db/database.ts'

const knownDays = 90

/** The moment before which a sign-in makes no network known any more. */
export function networksKnownSince(now: Date): Date {
  return new Date(now.getTime() - knownDays * 86_400_000)
}

/** Whether somebody has signed in from there since. One query, whether there is such a person or not. */
export async function isKnownNetwork(db: Queryable, email: string, network: string, since: Date): Promise<boolean> {
  const row = await db
    .selectFrom('staff_network')
    .innerJoin('staff', 'staff.id', 'staff_network.staff_id')
    .select('staff_network.staff_id')
    .where('staff.email', '=', email)
    .where('staff_network.network', '=', network)
    .where('staff_network.last_at', '>', since)
    .executeTakeFirst()
  return row !== undefined
}

export async function keepNetwork(tx: Tx, staffId: string, network: string, at: Date): Promise<void> {
  await tx
    .insertInto('staff_network')
    .values({ staff_id: staffId, network, last_at: at })
    .onConflict(conflict => conflict.columns(['staff_id', 'network']).doUpdateSet({ last_at: at }))
    .execute()
}

export async function forgetNetworks(tx: Tx, staffId: string): Promise<void> {
  await tx.deleteFrom('staff_network').where('staff_id', '=', staffId).execute()
}

export async function deleteOldNetworks(db: Queryable, before: Date): Promise<void> {
  await db.deleteFrom('staff_network').where('last_at', '<', before).execute()
}
