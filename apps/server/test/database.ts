import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { type Db, openDatabase } from '../src/db/database.ts'

export interface TestDatabase {
  readonly db: Db
  readonly connection: pg.PoolConfig & { database: string }
  drop(): Promise<void>
}

/** A database of its own for a test file, cloned from the migrated template (about 80 ms). */
export async function testDatabase(): Promise<TestDatabase> {
  const server = inject('postgres')
  const database = `test_${randomBytes(6).toString('hex')}`
  const admin = new pg.Client(server)
  await admin.connect()
  await admin.query(`create database ${database} template innkeeper_template`)
  await admin.end()
  const connection = { ...server, database }
  const db = openDatabase(connection)
  return {
    db,
    connection,
    async drop() {
      await db.destroy()
      const cleaner = new pg.Client(server)
      await cleaner.connect()
      await cleaner.query(`drop database ${database} with (force)`)
      await cleaner.end()
    },
  }
}
