import { type Queryable, runSql } from '../../db/database.ts'
import { type MoneyCheck, type MoneyFinding, moneyChecks } from './money-checks.ts'

/** Proves that all money adds up, at one moment; empty where it does. In a transaction, as that sees it. */
export async function auditMoney(db: Queryable): Promise<MoneyFinding[]> {
  if (db.isTransaction) return findAll(db)
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async tx => {
      // It reads everything there is, which takes what it takes.
      await runSql(tx, 'set local statement_timeout = 0')
      return findAll(tx)
    })
}

async function findAll(db: Queryable): Promise<MoneyFinding[]> {
  const findings: MoneyFinding[] = []
  for (const check of moneyChecks) findings.push(...(await findingsOf(db, check)))
  return findings
}

async function findingsOf(db: Queryable, { names, sql }: MoneyCheck): Promise<MoneyFinding[]> {
  const name = names.length === 1 ? `'${names[0]}'` : 'name'
  const rows = await runSql<{ check: string; id: string; account_id: string | null; what: string }>(
    db,
    `select ${name} as "check", id::text as id, account_id::text as account_id, what from (${sql}) as finding`,
  )
  return rows.map(({ check, id, what, account_id }) => ({ check, id, what, accountId: account_id }))
}
