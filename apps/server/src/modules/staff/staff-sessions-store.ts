import type { StaffRole } from '@innkeeper/contract'
import { sql } from 'kysely'
import type { Queryable, Tx } from '../../db/database.ts'

export interface NewStaffSession {
  readonly hash: Buffer
  readonly staffId: string
  readonly address: string
  readonly at: Date
  readonly expiresAt: Date
  readonly proven: boolean
  /** What was shown to be set up. */
  readonly totpSecret: Buffer | null
}

export async function insertStaffSession(tx: Tx, session: NewStaffSession): Promise<void> {
  await tx
    .insertInto('staff_session')
    .values({
      hash: session.hash,
      staff_id: session.staffId,
      address: session.address,
      created_at: session.at,
      expires_at: session.expiresAt,
      proven: session.proven,
      totp_secret: session.totpSecret,
    })
    .execute()
}

/** Who a token stands for at this moment. */
export function findStaffSession(db: Queryable, hash: Buffer, at: Date) {
  return db
    .selectFrom('staff_session as session')
    .innerJoin('staff', 'staff.id', 'session.staff_id')
    .select(['staff.id', 'staff.email', 'staff.name', sql<StaffRole>`staff.role`.as('role'), 'session.expires_at'])
    .where('session.hash', '=', hash)
    .where('session.proven', '=', true)
    .where('session.revoked_at', 'is', null)
    .where('session.expires_at', '>', at)
    .where('staff.disabled_at', 'is', null)
    .executeTakeFirst()
}

/** Counts one attempt at a challenge; whose it is, if it is still good. */
export function attemptStaffChallenge(db: Queryable, hash: Buffer, at: Date, most: number) {
  return db
    .updateTable('staff_session')
    .set(eb => ({ attempts: eb('attempts', '+', 1) }))
    .where('hash', '=', hash)
    .where('proven', '=', false)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', at)
    .where('attempts', '<', most)
    .returning(['staff_id', 'totp_secret'])
    .executeTakeFirst()
}

/** Takes a challenge away; false if another request did. */
export async function deleteStaffChallenge(tx: Tx, hash: Buffer): Promise<boolean> {
  const result = await tx
    .deleteFrom('staff_session')
    .where('hash', '=', hash)
    .where('proven', '=', false)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return result.numDeletedRows > 0n
}

/** Ends sessions and challenges of somebody: the one of a token, or all, or all but one. */
export async function revokeStaffSessions(
  tx: Tx,
  staffId: string,
  at: Date,
  which: { readonly only?: Buffer; readonly except?: Buffer } = {},
): Promise<void> {
  const { only, except } = which
  await tx
    .updateTable('staff_session')
    .set({ revoked_at: at })
    .where('staff_id', '=', staffId)
    .where('revoked_at', 'is', null)
    .$if(only !== undefined, query => query.where('hash', '=', only ?? Buffer.of()))
    .$if(except !== undefined, query => query.where('hash', '<>', except ?? Buffer.of()))
    .execute()
}

export async function deleteExpiredStaffSessions(db: Queryable, before: Date): Promise<void> {
  await db.deleteFrom('staff_session').where('expires_at', '<', before).execute()
}
