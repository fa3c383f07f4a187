import type { DnsDriver } from '@innkeeper/drivers'
import type { App } from '../../context.ts'
import type { Db } from '../../db/database.ts'
import type { Pause } from './pause.ts'
import { type Cursor, changedSince, cursorNow, mendFutureChanges } from './publish-store.ts'
import { keyOf, type Publisher } from './publisher.ts'
import { adoptFailures, differences } from './reconcile.ts'
import type { Settling } from './settling.ts'
import type { WaitingZones } from './waiting.ts'

/** The parts of a follower. */
export interface Following {
  readonly app: App
  readonly driver: DnsDriver
  readonly waiting: WaitingZones
  readonly publisher: Publisher
  readonly settling: Settling
  readonly pause: Pause
}

const milliseconds = {
  /** How soon a change is found when its notification is lost. */
  poll: 500,
  /** How long zones are published before the table is read again, so that those who wait longest stay first. */
  turn: 100,
  /** The server is compared with the whole table so often, and once this soon after another node may have led. */
  compare: 300_000,
  firstCompare: 15_000,
}

/** Makes the server equal to the table, then follows the table until the pause is ended. `begun`: they have been compared. */
export async function follow(following: Following, db: Db, begun: () => void): Promise<void> {
  const { driver, waiting, publisher, settling, pause } = following
  await mendFutureChanges(db)
  let cursor = await cursorNow(db)
  await compare(following, db)
  const names = new Set([...waiting.entries()].map(({ mark }) => mark.name))
  await adoptFailures(db, driver.name, publisher, name => names.has(name))
  begun()
  let nextCompare = performance.now() + milliseconds.firstCompare
  while (!pause.ended) {
    if (performance.now() >= nextCompare) {
      await compare(following, db)
      nextCompare = performance.now() + milliseconds.compare
    }
    cursor = await read(following, db, cursor)
    await publisher.publishDue(db, milliseconds.turn)
    settling.turned({ done: waiting.size === 0, allTried: () => allTried(following) })
    await pause.forAtMost(idleMilliseconds(following))
  }
}

async function compare({ driver, waiting }: Following, db: Db): Promise<void> {
  for (const mark of await differences(db, driver)) waiting.add(mark, performance.now())
}

async function read({ publisher, settling, waiting }: Following, db: Db, since: Cursor): Promise<Cursor> {
  settling.reading()
  const { cursor, marks } = await changedSince(db, since)
  // What is not read again cannot be read as changed either: only this much has to be remembered.
  const names = new Set(marks.map(mark => mark.name))
  for (const name of publisher.published.keys()) if (!names.has(name)) publisher.published.delete(name)
  const now = performance.now()
  for (const mark of marks) if (publisher.published.get(mark.name) !== keyOf(mark)) waiting.add(mark, now)
  return cursor
}

function allTried({ publisher, waiting }: Following): boolean {
  if (publisher.outage() !== undefined) return true
  for (const { attempts } of waiting.entries()) if (attempts === 0) return false
  return true
}

function idleMilliseconds({ publisher, waiting }: Following): number {
  const now = performance.now()
  const due = Math.max(waiting.nextDue(now) ?? Number.POSITIVE_INFINITY, publisher.outage()?.until ?? 0)
  return Math.min(Math.max(due - now, 0), milliseconds.poll)
}
