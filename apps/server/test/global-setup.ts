import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../src/db/embedded/server.ts'
import { migrate } from '../src/db/migrate.ts'
import { openRunFolder } from './run-folder.ts'

/** One embedded PostgreSQL for the whole run, with a migrated template database that each test file clones. */
export default async function setup(project: TestProject) {
  const root = await mkdtemp(join(await openRunFolder(), 'innkeeper-test-'))
  const server = await startEmbedded(root, { durable: false, maxConnections: 300 })
  const admin = new pg.Client(server.connection)
  await admin.connect()
  await admin.query('create database innkeeper_template')
  await migrate({ ...server.connection, database: 'innkeeper_template' })
  await admin.end()
  project.provide('postgres', server.connection)
  return async () => {
    await server.stop()
    await rm(root, { recursive: true, force: true })
  }
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: { host: string; user: string; password: string; database: string }
  }
}
