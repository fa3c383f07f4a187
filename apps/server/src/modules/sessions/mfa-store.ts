import type { Queryable, Tx } from '../../db/database.ts'

export async function insertChallenge(tx: Tx, profileId: string, hash: Buffer, expiresAt: Date): Promise<void> {
  await tx.insertInto('mfa_challenge').values({ profile_id: profileId, hash, expires_at: expiresAt }).execute()
}

/** Counts one attempt at a challenge; the profile it is for, if it is still good. */
export async function attemptChallenge(
  db: Queryable,
  hash: Buffer,
  at: Date,
  most: number,
): Promise<string | undefined> {
  const row = await db
    .updateTable('mfa_challenge')
    .set(eb => ({ attempts: eb('attempts', '+', 1) }))
    .where('hash', '=', hash)
    .where('expires_at', '>', at)
    .where('attempts', '<', most)
    .returning('profile_id')
    .executeTakeFirst()
  return row?.profile_id
}

/** Takes a challenge away; false if another request did. */
export async function deleteChallenge(tx: Tx, hash: Buffer): Promise<boolean> {
  const row = await tx.deleteFrom('mfa_challenge').where('hash', '=', hash).returning('hash').executeTakeFirst()
  return row !== undefined
}

/** The second factor of a profile whose account is open. */
export async function findSecondFactor(db: Queryable, profileId: string) {
  return db
    .selectFrom('login')
    .innerJoin('profile', 'profile.id', 'login.profile_id')
    .innerJoin('account', 'account.id', 'login.account_id')
    .select(['login.account_id', 'login.profile_id', 'login.totp_secret', 'profile.email', 'account.allowed_addresses'])
    .where('login.profile_id', '=', profileId)
    .where('account.status', '=', 'Active')
    .executeTakeFirst()
}

/** Uses up the code of a time step; false if it, or a later one, was used before (RFC 6238 section 5.2). */
export async function useTotpStep(tx: Tx, accountId: string, profileId: string, step: number): Promise<boolean> {
  const row = await tx
    .updateTable('login')
    .set({ totp_last_step: step })
    .where('profile_id', '=', profileId)
    .where('account_id', '=', accountId)
    .where(eb => eb.or([eb('totp_last_step', 'is', null), eb('totp_last_step', '<', String(step))]))
    .returning('profile_id')
    .executeTakeFirst()
  return row !== undefined
}

/** Sets or, with null, removes the second factor; false if the profile has no login. */
export async function updateTotp(
  tx: Tx,
  accountId: string,
  profileId: string,
  secret: Buffer | null,
): Promise<boolean> {
  const row = await tx
    .updateTable('login')
    .set({ totp_secret: secret, totp_last_step: null })
    .where('profile_id', '=', profileId)
    .where('account_id', '=', accountId)
    .returning('profile_id')
    .executeTakeFirst()
  return row !== undefined
}
