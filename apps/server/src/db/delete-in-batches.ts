import { type Db, runSql } from './database.ts'

/** Rows one statement removes: few enough to hold no lock for long. */
const batch = 1_000

/**
 * Repeats a statement that deletes until it finds no more. It takes the date before which rows are old as $1, and how
 * many it may delete at once as $2.
 */
export async function deleteInBatches(db: Db, statement: string, before: Date): Promise<void> {
  let deleted: number
  do deleted = (await runSql(db, `${statement} returning 1`, [before, batch])).length
  while (deleted === batch)
}
