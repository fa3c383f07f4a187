import type { Selectable } from 'kysely'
import type { Queryable, Tx } from '../../db/database.ts'
import type { Profile } from '../../db/tables.gen.ts'
import type { Slice } from '../../paging.ts'
import type { PersonChange } from './person.ts'

export type ProfileRow = Selectable<Profile>
export interface OwnerRow extends ProfileRow {
  readonly last_login_at: Date | null
  readonly last_login_address: string | null
  readonly last_login_host: string | null
}

/** The owner of the account with their last sign-in. */
export function ownerOf(db: Queryable, accountId: string): Promise<OwnerRow> {
  return db
    .selectFrom('profile')
    .leftJoin('login', 'login.profile_id', 'profile.id')
    .selectAll('profile')
    .select(['login.last_login_at', 'login.last_login_address', 'login.last_login_host'])
    .where('profile.account_id', '=', accountId)
    .where('profile.owner', '=', true)
    .executeTakeFirstOrThrow()
}

/** The code of the currency that the account pays in. */
export async function accountCurrency(db: Queryable, accountId: string): Promise<string> {
  const { currency } = await db
    .selectFrom('account')
    .select('currency')
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow()
  return currency
}

export async function insertAccount(tx: Tx, at: Date): Promise<string> {
  const { id } = await tx.insertInto('account').values({ created_at: at }).returning('id').executeTakeFirstOrThrow()
  return id
}

export interface NewProfile {
  readonly accountId: string
  readonly owner: boolean
  readonly email: string
  readonly person: PersonChange
  readonly privileges: object
  readonly at: Date
}

export async function insertProfile(tx: Tx, profile: NewProfile): Promise<string> {
  const { id } = await tx
    .insertInto('profile')
    .values({
      ...profile.person,
      account_id: profile.accountId,
      owner: profile.owner,
      email: profile.email,
      privileges: JSON.stringify(profile.privileges),
      created_at: profile.at,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export interface ProfileChange extends PersonChange {
  readonly email?: string
  readonly privileges?: string
}

/** Changes a profile of the account, and the user name with the e-mail. False: the account has no such profile. */
export async function updateProfile(
  tx: Tx,
  accountId: string,
  profileId: string,
  change: ProfileChange,
): Promise<boolean> {
  if (Object.keys(change).length === 0) return (await profileOf(tx, accountId, profileId)) !== undefined
  const result = await tx
    .updateTable('profile')
    .set(change)
    .where('account_id', '=', accountId)
    .where('id', '=', profileId)
    .executeTakeFirst()
  if (result.numUpdatedRows === 0n) return false
  if (change.email !== undefined) {
    await tx
      .updateTable('login')
      .set({ email: change.email })
      .where('account_id', '=', accountId)
      .where('profile_id', '=', profileId)
      .execute()
    // What was mailed to the old address opens nothing any more: often that is why the address changes.
    await tx.deleteFrom('password_reset').where('profile_id', '=', profileId).execute()
  }
  return true
}

export function profileOf(db: Queryable, accountId: string, profileId: string): Promise<ProfileRow | undefined> {
  return db
    .selectFrom('profile')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('id', '=', profileId)
    .executeTakeFirst()
}

/** The same, held until the transaction ends. */
export function lockProfile(tx: Tx, accountId: string, profileId: string): Promise<ProfileRow | undefined> {
  return tx
    .selectFrom('profile')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('id', '=', profileId)
    .forUpdate()
    .executeTakeFirst()
}

/** Who signs in with this e-mail address, in whatever open account: for those who are not signed in, and the operator. */
export function loginByEmail(db: Queryable, email: string) {
  return db
    .selectFrom('login')
    .innerJoin('account', 'account.id', 'login.account_id')
    .select(['login.profile_id', 'login.account_id', 'login.email'])
    .where('login.email', '=', email)
    .where('account.status', '=', 'Active')
    .executeTakeFirst()
}

export async function insertPasswordReset(
  tx: Tx,
  row: { hash: Buffer; profileId: string; at: Date; expiresAt: Date },
): Promise<void> {
  await tx
    .insertInto('password_reset')
    .values({ hash: row.hash, profile_id: row.profileId, created_at: row.at, expires_at: row.expiresAt })
    .execute()
}

/** Whether there is such a reset token to be used. */
export async function isPasswordReset(db: Queryable, hash: Buffer, at: Date): Promise<boolean> {
  const row = await db
    .selectFrom('password_reset')
    .select('profile_id')
    .where('hash', '=', hash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', at)
    .executeTakeFirst()
  return row !== undefined
}

/** Uses a reset token up: exactly one caller learns whose it was. Other tokens of the profile end with it. */
export async function takePasswordReset(tx: Tx, hash: Buffer, at: Date) {
  const taken = await tx
    .updateTable('password_reset')
    .from('login')
    .whereRef('login.profile_id', '=', 'password_reset.profile_id')
    .set({ used_at: at })
    .where('hash', '=', hash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', at)
    .returning(['login.profile_id', 'login.account_id'])
    .executeTakeFirst()
  if (taken === undefined) return undefined
  await tx
    .updateTable('password_reset')
    .set({ used_at: at })
    .where('profile_id', '=', taken.profile_id)
    .where('used_at', 'is', null)
    .execute()
  return taken
}

export interface ContactRow extends ProfileRow {
  readonly last_login_at: Date | null
}

/** The contacts of an account, without its owner. */
export function contactsOf(db: Queryable, accountId: string, slice: Slice | undefined): Promise<ContactRow[]> {
  return db
    .selectFrom('profile')
    .leftJoin('login', 'login.profile_id', 'profile.id')
    .selectAll('profile')
    .select('login.last_login_at')
    .where('profile.account_id', '=', accountId)
    .where('profile.owner', '=', false)
    .orderBy('profile.id')
    .$if(slice !== undefined, query => query.limit(slice?.limit ?? 0).offset(slice?.offset ?? 0))
    .execute()
}

export async function countContacts(db: Queryable, accountId: string): Promise<number> {
  const { count } = await db
    .selectFrom('profile')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('account_id', '=', accountId)
    .where('owner', '=', false)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Whether somebody signs in with this e-mail address, in whatever account. */
export async function isTaken(db: Queryable, email: string): Promise<boolean> {
  return (await db.selectFrom('login').select('profile_id').where('email', '=', email).executeTakeFirst()) !== undefined
}
