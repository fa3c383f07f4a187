import type { Queryable, Tx } from '../../db/database.ts'

/** A personal token that is good now, with the person it stands for. */
export async function findToken(db: Queryable, hash: Buffer, at: Date) {
  return db
    .selectFrom('personal_token as token')
    .innerJoin('login', 'login.profile_id', 'token.profile_id')
    .innerJoin('profile', 'profile.id', 'token.profile_id')
    .innerJoin('account', 'account.id', 'token.account_id')
    .select([
      'token.id',
      'token.profile_id',
      'token.account_id',
      'token.scopes',
      'token.allowed_addresses',
      'token.expires_at',
      'profile.email',
      'profile.owner',
      'profile.privileges',
      'account.allowed_addresses as account_addresses',
    ])
    .where('token.hash', '=', hash)
    .where('token.revoked_at', 'is', null)
    .where(eb => eb.or([eb('token.expires_at', 'is', null), eb('token.expires_at', '>', at)]))
    .where('account.status', '=', 'Active')
    .executeTakeFirst()
}

export interface NewToken {
  readonly profileId: string
  readonly accountId: string
  readonly name: string
  readonly hash: Buffer
  /** JSON; null: whatever the profile may. */
  readonly scopes: string | null
  readonly allowedAddresses: readonly string[]
  readonly createdAt: Date
  readonly expiresAt: Date | null
}

export async function insertToken(tx: Tx, token: NewToken): Promise<string> {
  const row = await tx
    .insertInto('personal_token')
    .values({
      profile_id: token.profileId,
      account_id: token.accountId,
      name: token.name,
      hash: token.hash,
      scopes: token.scopes,
      allowed_addresses: [...token.allowedAddresses],
      created_at: token.createdAt,
      expires_at: token.expiresAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

export async function selectTokens(db: Queryable, accountId: string, profileId: string) {
  return db
    .selectFrom('personal_token')
    .select(['id', 'name', 'scopes', 'allowed_addresses', 'created_at', 'expires_at', 'last_used_at'])
    .where('account_id', '=', accountId)
    .where('profile_id', '=', profileId)
    .where('revoked_at', 'is', null)
    .orderBy('id')
    .execute()
}

/** The name of the token that was revoked; undefined if the profile has none with this id. */
export async function revokeTokenRow(tx: Tx, accountId: string, profileId: string, id: string, at: Date) {
  const row = await tx
    .updateTable('personal_token')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .where('profile_id', '=', profileId)
    .where('revoked_at', 'is', null)
    .returning('name')
    .executeTakeFirst()
  return row?.name
}

export async function recordTokenUse(db: Queryable, accountId: string, id: string, at: Date): Promise<void> {
  await db
    .updateTable('personal_token')
    .set({ last_used_at: at })
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .where(eb => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', at)]))
    .execute()
}
