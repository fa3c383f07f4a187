import { runSql, type Tx } from '../../db/database.ts'

/** The money side of an account. */
export interface LockedAccount {
  readonly id: string
  readonly currency: string
  readonly taxExempt: boolean
  readonly autoApplyCredit: boolean
  readonly parkedAt: Date | null
  /** Its owner as documents name them. */
  readonly buyer: unknown
}

/** The account as its row says once nobody else can change its money. */
export async function selectAccountForUpdate(tx: Tx, accountId: string): Promise<LockedAccount | undefined> {
  const rows = await runSql<LockedAccount>(
    tx,
    `select account.id, account.currency, account.tax_exempt as "taxExempt",
       account.auto_apply_credit as "autoApplyCredit", account.parked_at as "parkedAt",
       jsonb_build_object('email', email, 'firstname', firstname, 'lastname', lastname, 'companyname', companyname,
         'address1', address1, 'address2', address2, 'city', city, 'state', state, 'postcode', postcode,
         'country', country, 'phonenumber', phonenumber, 'vateu', vateu, 'type', type) as buyer
     from account left join profile on profile.account_id = account.id and profile.owner
     where account.id = $1 for no key update of account`,
    [accountId],
  )
  return rows[0]
}

/** False: it is parked already. */
export async function updateParked(tx: Tx, accountId: string, at: Date, reason: string): Promise<boolean> {
  const result = await tx
    .updateTable('account')
    .set({ parked_at: at, parked_reason: reason })
    .where('id', '=', accountId)
    .where('parked_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** False: it is not parked. */
export async function updateUnparked(tx: Tx, accountId: string, at: Date): Promise<boolean> {
  const result = await tx
    .updateTable('account')
    .set({ parked_at: null, parked_reason: null, unparked_at: at })
    .where('id', '=', accountId)
    .where('parked_at', 'is not', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}
