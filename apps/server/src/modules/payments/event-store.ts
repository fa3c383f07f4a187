import type { Db, Tx } from '../../db/database.ts'
import { deleteInBatches } from '../../db/delete-in-batches.ts'

export interface NewEvent {
  readonly gateway: string
  readonly eventId: string
  readonly type: string
  /** Encrypted. */
  readonly payload: Buffer
  readonly receivedAt: Date
  /** Why nothing is to be done about it; null where something is. */
  readonly ignoredBecause: string | null
}

/** False: it was delivered before. */
export async function insertEvent(tx: Tx, event: NewEvent): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('inbound_event')
    .values({
      gateway: event.gateway,
      event_id: event.eventId,
      type: event.type,
      payload: event.payload,
      received_at: event.receivedAt,
      processed_at: event.ignoredBecause === null ? null : event.receivedAt,
      error: event.ignoredBecause,
    })
    .onConflict(conflict => conflict.columns(['gateway', 'event_id']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** The payload of an event that nobody has worked on yet. */
export async function unprocessedEvent(db: Db, gateway: string, eventId: string): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('inbound_event')
    .select('payload')
    .where('gateway', '=', gateway)
    .where('event_id', '=', eventId)
    .where('processed_at', 'is', null)
    .executeTakeFirst()
  return row?.payload
}

/** `error`: why it had no effect. */
export async function markProcessed(
  db: Db,
  gateway: string,
  eventId: string,
  at: Date,
  error: string | null,
): Promise<void> {
  await db
    .updateTable('inbound_event')
    .set({ processed_at: at, error })
    .where('gateway', '=', gateway)
    .where('event_id', '=', eventId)
    .execute()
}

export interface EventName {
  readonly gateway: string
  readonly eventId: string
}

/** What came before this moment and nobody has worked on, the oldest first. */
export async function unprocessedEvents(db: Db, before: Date, limit: number): Promise<EventName[]> {
  return await db
    .selectFrom('inbound_event')
    .select(['gateway', 'event_id as eventId'])
    .where('processed_at', 'is', null)
    .where('received_at', '<', before)
    .orderBy('received_at')
    .limit(limit)
    .execute()
}

/** Forgets what was worked on before this moment. */
export async function deleteEvents(db: Db, before: Date): Promise<void> {
  await deleteInBatches(
    db,
    `delete from inbound_event where (gateway, event_id) in
     (select gateway, event_id from inbound_event where processed_at < $1 order by processed_at limit $2)`,
    before,
  )
}
