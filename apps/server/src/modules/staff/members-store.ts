import type { StaffRole } from '@innkeeper/contract'
import { sql } from 'kysely'
import type { Queryable, Tx } from '../../db/database.ts'
import type { Slice } from './listing.ts'
import type { Member } from './member.ts'

function members(db: Queryable) {
  return db.selectFrom('staff').select([
    'id',
    'email',
    'name',
    sql<StaffRole>`role`.as('role'), // by the check of the table
    sql<boolean>`totp_secret is not null`.as('secondFactor'),
    'created_at as createdAt',
    'last_login_at as lastLoginAt',
    'disabled_at as disabledAt',
  ])
}

export function selectMembers(db: Queryable, filter: { role: StaffRole | undefined }, slice: Slice): Promise<Member[]> {
  const { role } = filter
  return members(db)
    .$if(role !== undefined, query => query.where('role', '=', role ?? ''))
    .$if(slice.before !== undefined, query => query.where('id', '<', slice.before ?? ''))
    .orderBy('id', 'desc')
    .limit(slice.limit)
    .execute()
}

export function selectMember(
  db: Queryable,
  by: { readonly email: string } | { readonly id: string },
): Promise<Member | undefined> {
  return members(db)
    .where(eb => ('email' in by ? eb('email', '=', by.email) : eb('id', '=', by.id)))
    .executeTakeFirst()
}

/** With what somebody signs in, if they may. */
export function findSignIn(db: Queryable, by: { readonly email: string } | { readonly id: string }) {
  return db
    .selectFrom('staff')
    .select(['id', 'email', 'name', sql<StaffRole>`role`.as('role'), 'password_hash', 'password_once', 'totp_secret'])
    .where(eb => ('email' in by ? eb('email', '=', by.email) : eb('id', '=', by.id)))
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
}

export interface NewMember {
  readonly email: string
  readonly name: string
  readonly role: StaffRole
  readonly passwordHash: string
  readonly passwordOnce: boolean
  readonly totpSecret: Buffer
  readonly at: Date
}

export async function insertMember(tx: Tx, member: NewMember): Promise<string> {
  const { id } = await tx
    .insertInto('staff')
    .values({
      email: member.email,
      name: member.name,
      role: member.role,
      password_hash: member.passwordHash,
      password_once: member.passwordOnce,
      totp_secret: member.totpSecret,
      created_at: member.at,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/**
 * The owners who can sign in, held until the transaction ends: of two who make each other something else at the same
 * moment, the second finds itself the last.
 */
export async function lockOwners(tx: Tx): Promise<string[]> {
  const rows = await tx
    .selectFrom('staff')
    .select('id')
    .where('role', '=', 'owner')
    .where('disabled_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map(row => row.id)
}

export interface MemberChange {
  readonly role?: StaffRole
  readonly name?: string
  readonly disabledAt?: Date | null
}

/** False: there is nobody of this id. */
export async function updateMember(tx: Tx, id: string, { role, name, disabledAt }: MemberChange): Promise<boolean> {
  const result = await tx
    .updateTable('staff')
    .set(eb => ({
      role: role ?? eb.ref('role'),
      name: name ?? eb.ref('name'),
      disabled_at: disabledAt === undefined ? eb.ref('disabled_at') : disabledAt,
    }))
    .where('id', '=', id)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Gives somebody another password and second factor. False: there is nobody of this id. */
export async function replaceSignIn(
  tx: Tx,
  id: string,
  { passwordHash, totpSecret }: { readonly passwordHash: string; readonly totpSecret: Buffer },
): Promise<boolean> {
  const result = await tx
    .updateTable('staff')
    .set({ password_hash: passwordHash, password_once: true, totp_secret: totpSecret, totp_last_step: null })
    .where('id', '=', id)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

export async function updatePassword(tx: Tx, id: string, passwordHash: string): Promise<void> {
  await tx
    .updateTable('staff')
    .set({ password_hash: passwordHash, password_once: false })
    .where('id', '=', id)
    .execute()
}

/** Keeps a second factor that was shown and proven; false where another was kept meanwhile. */
export async function keepSecondFactor(tx: Tx, id: string, sealed: Buffer): Promise<boolean> {
  const result = await tx
    .updateTable('staff')
    .set({ totp_secret: sealed, totp_last_step: null })
    .where('id', '=', id)
    .where('totp_secret', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/**
 * Uses up the code of a time step, for a sign-in with this password; false if it, or a later one, was used before
 * (RFC 6238 section 5.2), or if the sign-in was changed since it was read.
 */
export async function useStep(
  tx: Tx,
  { id, password_hash }: { readonly id: string; readonly password_hash: string },
  step: number,
  at: Date,
): Promise<boolean> {
  const result = await tx
    .updateTable('staff')
    .set({ totp_last_step: step, last_login_at: at })
    .where('id', '=', id)
    .where('disabled_at', 'is', null)
    .where('password_hash', '=', password_hash)
    .where(eb => eb.or([eb('totp_last_step', 'is', null), eb('totp_last_step', '<', String(step))]))
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}
