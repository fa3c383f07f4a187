import type { Queryable, Tx } from '../../db/database.ts'

/** What signing in with a password needs to know, in one look-up whether or not there is such a user. */
export async function findLogin(db: Queryable, email: string) {
  return db
    .selectFrom('login')
    .innerJoin('profile', 'profile.id', 'login.profile_id')
    .innerJoin('account', 'account.id', 'login.account_id')
    .select([
      'login.profile_id',
      'login.account_id',
      'login.password_hash',
      'login.totp_secret',
      'profile.email',
      'profile.owner',
      'profile.privileges',
      'account.status',
      'account.allowed_addresses',
    ])
    .where('login.email', '=', email)
    .executeTakeFirst()
}
export type LoginRow = NonNullable<Awaited<ReturnType<typeof findLogin>>>

/** The person behind a session that has not ended. */
export async function findSessionHolder(db: Queryable, sessionId: string, profileId: string, at: Date) {
  return db
    .selectFrom('session')
    .innerJoin('login', 'login.profile_id', 'session.profile_id')
    .innerJoin('profile', 'profile.id', 'session.profile_id')
    .innerJoin('account', 'account.id', 'session.account_id')
    .select([
      'session.expires_at',
      'profile.id as profile_id',
      'profile.account_id',
      'profile.email',
      'profile.owner',
      'profile.privileges',
      'account.allowed_addresses',
    ])
    .where('session.id', '=', sessionId)
    .where('session.profile_id', '=', profileId)
    .where('session.revoked_at', 'is', null)
    .where('session.expires_at', '>', at)
    .where('account.status', '=', 'Active')
    .executeTakeFirst()
}

export async function recordSignIn(db: Queryable, profileId: string, at: Date, address: string): Promise<void> {
  await db
    .updateTable('login')
    .set({ last_login_at: at, last_login_address: address, last_login_host: '' })
    .where('profile_id', '=', profileId)
    .execute()
}

/** Writes the name of the host somebody signed in from, unless they signed in from elsewhere since. */
export async function recordSignInHost(db: Queryable, profileId: string, address: string, host: string): Promise<void> {
  await db
    .updateTable('login')
    .set({ last_login_host: host })
    .where('profile_id', '=', profileId)
    .where('last_login_address', '=', address)
    .execute()
}

/** Gives a profile a password, its first or a new one, under its e-mail address; undefined if there is no such profile. */
export async function upsertLogin(tx: Tx, accountId: string, profileId: string, passwordHash: string, at: Date) {
  return tx
    .insertInto('login')
    .columns(['profile_id', 'account_id', 'email', 'password_hash', 'password_changed_at'])
    .expression(eb =>
      eb
        .selectFrom('profile')
        .select(['id', 'account_id', 'email', eb.val(passwordHash).as('password_hash'), eb.val(at).as('changed_at')])
        .where('id', '=', profileId)
        .where('account_id', '=', accountId),
    )
    .onConflict(conflict =>
      conflict.column('profile_id').doUpdateSet(eb => ({
        email: eb.ref('excluded.email'),
        password_hash: passwordHash,
        password_changed_at: at,
      })),
    )
    .returning('profile_id')
    .executeTakeFirst()
}
