import type { auditRow } from '../audit/index.ts'

/** The audit row of a change, for the statements that write it together with the change: one round trip less. */
export type Note = ReturnType<typeof auditRow>

export const noteColumns = 'account_id, at, event, description, detail, actor, actor_profile_id, address, request_id'

/** Nine parameters, in the order of {@link noteColumns}. */
export function noteParameters(note: Note): unknown[] {
  return [
    note.account_id,
    note.at,
    note.event,
    note.description,
    note.detail,
    note.actor,
    note.actor_profile_id,
    note.address,
    note.request_id,
  ]
}
