import { sql } from 'kysely'
import type { Queryable, Tx } from '../../db/database.ts'

export async function notifyAuth(tx: Tx, payload: string): Promise<void> {
  await sql`select pg_notify('auth', ${payload})`.execute(tx)
}

export interface NewSession {
  readonly id: string
  readonly profileId: string
  readonly accountId: string
  readonly address: string
  readonly userAgent: string
  readonly createdAt: Date
  readonly expiresAt: Date
}

export async function insertSession(tx: Tx, session: NewSession): Promise<void> {
  await tx
    .insertInto('session')
    .values({
      id: session.id,
      profile_id: session.profileId,
      account_id: session.accountId,
      address: session.address,
      user_agent: session.userAgent.slice(0, 255),
      created_at: session.createdAt,
      expires_at: session.expiresAt,
    })
    .execute()
}

export async function insertRefreshToken(
  tx: Tx,
  token: { readonly hash: Buffer; readonly sessionId: string; readonly createdAt: Date; readonly expiresAt: Date },
): Promise<void> {
  await tx
    .insertInto('refresh_token')
    .values({
      hash: token.hash,
      session_id: token.sessionId,
      created_at: token.createdAt,
      expires_at: token.expiresAt,
    })
    .execute()
}

/** Marks a refresh token as used, if it never was and is still good. Of concurrent calls one gets the session. */
export async function useRefreshToken(tx: Tx, hash: Buffer, at: Date) {
  return tx
    .updateTable('refresh_token')
    .set({ used_at: at })
    .from('session')
    .innerJoin('profile', 'profile.id', 'session.profile_id')
    .innerJoin('account', 'account.id', 'session.account_id')
    .whereRef('session.id', '=', 'refresh_token.session_id')
    .where('refresh_token.hash', '=', hash)
    .where('refresh_token.used_at', 'is', null)
    .where('refresh_token.expires_at', '>', at)
    .where('session.revoked_at', 'is', null)
    .where('account.status', '=', 'Active')
    .returning(['session.id', 'session.profile_id', 'session.account_id', 'profile.email', 'account.allowed_addresses'])
    .executeTakeFirst()
}

/** The session a refresh token was given to, used or not; undefined for a token that never was. */
export async function sessionOfRefreshToken(db: Queryable, hash: Buffer) {
  return db
    .selectFrom('refresh_token')
    .innerJoin('session', 'session.id', 'refresh_token.session_id')
    .select(['session.id', 'session.account_id', 'session.profile_id', 'refresh_token.used_at'])
    .where('refresh_token.hash', '=', hash)
    .executeTakeFirst()
}

export async function extendSession(tx: Tx, accountId: string, id: string, expiresAt: Date): Promise<void> {
  await tx
    .updateTable('session')
    .set({ expires_at: expiresAt })
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .execute()
}

/** Ends a session with all its tokens; false if it had ended before. */
export async function revokeSessionRow(tx: Tx, accountId: string, id: string, at: Date): Promise<boolean> {
  const revoked = await tx
    .updateTable('session')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return revoked !== undefined
}

export async function revokeSessionsOfProfile(tx: Tx, profileId: string, at: Date): Promise<void> {
  await tx
    .updateTable('session')
    .set({ revoked_at: at })
    .where('profile_id', '=', profileId)
    .where('revoked_at', 'is', null)
    .execute()
}

/** Removes what can no longer sign anybody in. */
export async function deleteExpired(db: Queryable, before: Date): Promise<void> {
  await db.deleteFrom('refresh_token').where('expires_at', '<', before).execute()
  await db.deleteFrom('session').where('expires_at', '<', before).execute()
  await db.deleteFrom('mfa_challenge').where('expires_at', '<', before).execute()
}
