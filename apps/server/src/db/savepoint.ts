import { runSql, type Tx } from './database.ts'

/** Work inside a transaction that leaves nothing behind when it fails, while the transaction goes on. */
export async function undoable<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await runSql(tx, 'savepoint undoable')
  try {
    const result = await work()
    await runSql(tx, 'release savepoint undoable')
    return result
  } catch (error) {
    // Fails with a broken connection, and then the cause tells more.
    await undo(tx).catch(() => {})
    throw error
  }
}

async function undo(tx: Tx): Promise<void> {
  await runSql(tx, 'rollback to savepoint undoable')
  await runSql(tx, 'release savepoint undoable') // or one of the same name around it could not be reached
}
