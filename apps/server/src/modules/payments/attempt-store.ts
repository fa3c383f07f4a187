import type { Queryable, Tx } from '../../db/database.ts'
import type { Attempt, AttemptState } from './attempt.ts'

export type NewAttempt = Omit<Attempt, 'driver' | 'state' | 'externalId' | 'url'>

/** Takes the lease of the invoice; false: somebody has it. */
export async function insertAttempt(tx: Tx, attempt: NewAttempt): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('charge_attempt')
    .values({
      id: attempt.id,
      account_id: attempt.accountId,
      invoice_id: attempt.invoiceId,
      method_id: attempt.methodId,
      kind: attempt.kind,
      state: 'open',
      amount_minor: String(attempt.amountMinor),
      currency: attempt.currency,
      save_card: attempt.saveCard,
      created_at: attempt.createdAt,
      expires_at: attempt.expiresAt,
    })
    // By the index charge_attempt_lease; its predicate cannot be named with parameters.
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** The attempt that holds the lease of an invoice. */
export async function openAttemptOf(db: Queryable, accountId: string, invoiceId: string): Promise<Attempt | undefined> {
  const row = await selectAttempts(db)
    .where('charge_attempt.account_id', '=', accountId)
    .where('charge_attempt.invoice_id', '=', invoiceId)
    .where('charge_attempt.state', 'in', ['open', 'unknown'])
    .executeTakeFirst()
  return row === undefined ? undefined : attemptOf(row)
}

/** By its key, which gateways give back to us; of whatever account. */
export async function attemptByKey(db: Queryable, key: string): Promise<Attempt | undefined> {
  const row = await selectAttempts(db).where('charge_attempt.id', '=', key).executeTakeFirst()
  return row === undefined ? undefined : attemptOf(row)
}

/** By what the gateway calls it. */
export async function attemptByExternalId(
  db: Queryable,
  driver: string,
  externalId: string,
): Promise<Attempt | undefined> {
  const row = await selectAttempts(db)
    .where('charge_attempt.external_id', '=', externalId)
    .where('payment_method.driver', '=', driver)
    .executeTakeFirst()
  return row === undefined ? undefined : attemptOf(row)
}

/** Attempts that should have been decided before this moment. */
export async function overdueAttempts(db: Queryable, before: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('charge_attempt')
    .select('id')
    .where('state', 'in', ['open', 'unknown'])
    .where('expires_at', '<', before)
    .orderBy('expires_at')
    .limit(limit)
    .execute()
  return rows.map(row => row.id)
}

/** Writes down what the gateway calls it; false: it was decided meanwhile, and must not go on. */
export async function nameAttempt(
  tx: Tx,
  { id, accountId }: Pick<Attempt, 'id' | 'accountId'>,
  externalId: string,
  page?: { readonly url: string; readonly expiresAt: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('charge_attempt')
    .set({ external_id: externalId, ...(page === undefined ? {} : { url: page.url, expires_at: page.expiresAt }) })
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .where('state', '=', 'open')
    .where(eb => eb.or([eb('external_id', 'is', null), eb('external_id', '=', externalId)]))
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Ends an attempt; false: it has ended already, or, with `ifNameless`, is known to the gateway. */
export async function decideAttempt(
  tx: Tx,
  { id, accountId }: Pick<Attempt, 'id' | 'accountId'>,
  decision: {
    readonly state: Exclude<AttemptState, 'open'>
    readonly error?: string | null
    readonly at: Date
    /** Only while the gateway has not been told of it. */
    readonly ifNameless?: true
  },
): Promise<boolean> {
  const { state, error = null, at, ifNameless } = decision
  const { numUpdatedRows } = await tx
    .updateTable('charge_attempt')
    .set({ state, error, decided_at: state === 'unknown' ? null : at })
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .where('state', 'in', ['open', 'unknown'])
    .$if(ifNameless === true, query => query.where('external_id', 'is', null))
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

function selectAttempts(db: Queryable) {
  return db
    .selectFrom('charge_attempt')
    .innerJoin('payment_method', 'payment_method.id', 'charge_attempt.method_id')
    .select([
      'charge_attempt.id',
      'charge_attempt.account_id',
      'charge_attempt.invoice_id',
      'charge_attempt.method_id',
      'charge_attempt.kind',
      'charge_attempt.state',
      'charge_attempt.amount_minor',
      'charge_attempt.currency',
      'charge_attempt.save_card',
      'charge_attempt.external_id',
      'charge_attempt.url',
      'charge_attempt.created_at',
      'charge_attempt.expires_at',
      'payment_method.driver',
    ])
}

type AttemptRow = NonNullable<Awaited<ReturnType<ReturnType<typeof selectAttempts>['executeTakeFirst']>>>

function attemptOf(row: AttemptRow): Attempt {
  return {
    id: row.id,
    accountId: row.account_id,
    invoiceId: row.invoice_id,
    methodId: row.method_id,
    driver: row.driver,
    kind: row.kind as Attempt['kind'], // the table's check
    state: row.state as AttemptState, // the table's check
    amountMinor: BigInt(row.amount_minor),
    currency: row.currency,
    saveCard: row.save_card,
    externalId: row.external_id,
    url: row.url,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}
