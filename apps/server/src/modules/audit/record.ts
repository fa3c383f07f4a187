import type { Context, SignedInContext } from '../../context.ts'
import type { Tx } from '../../db/database.ts'

export interface Happening {
  /** Dotted, e.g. `dns.record.create`. */
  readonly event: string
  /** A sentence for people, without secrets. */
  readonly description: string
  readonly detail?: Readonly<Record<string, unknown>>
  readonly accountId: string | null
}

/** Writes the audit row of a mutation, in the mutation's own transaction. */
export async function audit(ctx: Context | SignedInContext, tx: Tx, happening: Happening): Promise<void> {
  await tx.insertInto('audit').values(auditRow(ctx, happening)).execute()
}

/** The row itself, for statements that write it together with the change. */
export function auditRow(ctx: Context | SignedInContext, { event, description, detail, accountId }: Happening) {
  const identity = 'identity' in ctx ? ctx.identity : undefined
  return {
    account_id: accountId,
    at: ctx.clock.now(),
    event,
    description,
    detail: JSON.stringify(detail ?? {}),
    actor: identity?.email ?? (ctx.address === '' ? 'operator' : 'anonymous'),
    actor_profile_id: identity?.profileId ?? null,
    address: ctx.address,
    request_id: ctx.requestId,
  }
}
