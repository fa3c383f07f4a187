import type { Context, SignedInContext } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { type AuditRow, insertAudits } from './store.ts'

export interface Happening {
  /** Dotted, e.g. `dns.record.create`. */
  readonly event: string
  /** A sentence for people, without secrets. */
  readonly description: string
  readonly detail?: Readonly<Record<string, unknown>>
  readonly accountId: string | null
  /** Who did it, where the context does not tell: somebody who is just signing in. */
  readonly by?: { readonly email: string; readonly profileId: string }
}

/** What of a context is written down. */
type Scene = Pick<Context, 'clock' | 'address' | 'requestId' | 'by'> & {
  readonly identity?: SignedInContext['identity']
}

/** Writes the audit row of a mutation, in the mutation's own transaction. */
export async function audit(ctx: Scene, tx: Tx, happening: Happening): Promise<void> {
  await auditAll(ctx, tx, [happening])
}

/** The rows of several mutations of one kind, in one statement. */
export async function auditAll(ctx: Scene, tx: Tx, happenings: readonly Happening[]): Promise<void> {
  if (happenings.length > 0)
    await insertAudits(
      tx,
      happenings.map(happening => auditRow(ctx, happening)),
    )
}

/** The row itself, for statements that write it together with the change. */
export function auditRow(ctx: Scene, { event, description, detail, accountId, by }: Happening): AuditRow {
  const person = by ?? ctx.identity
  return {
    account_id: accountId,
    at: ctx.clock.now(),
    event,
    description,
    detail: JSON.stringify(detail ?? {}),
    actor: person?.email ?? ctx.by?.name ?? 'anonymous',
    actor_profile_id: person?.profileId ?? null,
    staff_id: ctx.by?.staffId ?? null,
    address: ctx.address,
    request_id: ctx.requestId,
  }
}
