import type { Outcome } from '@innkeeper/drivers'
import type { Context } from '../../context.ts'
import { separately } from '../../separately.ts'
import { lockInvoice } from '../billing/index.ts'
import { type Attempt, isUndecided } from './attempt.ts'
import { attemptByKey, decideAttempt } from './attempt-store.ts'
import { concludeAttempt } from './conclude-attempt.ts'
import { gatewayOf } from './gateways.ts'
import { settleAt } from './job-kinds.ts'

/** A charge that goes on for longer has been given up by whoever made it. */
const restMilliseconds = 60_000
const aDay = 86_400_000

/**
 * Finds out what became of an attempt, and ends it where its time is over. Runs by a job that was written down with the
 * attempt, so also when the process that made it died. Looks again later where nothing is certain yet.
 */
export async function settleAttempt(ctx: Context, attemptId: string): Promise<void> {
  const attempt = await attemptByKey(ctx.db, attemptId)
  if (attempt === undefined || !isUndecided(attempt)) return
  const decided = (await isOver(ctx, attempt)) ? await cancelAttempt(ctx, attempt) : await lookAt(ctx, attempt)
  if (!decided) await separately(ctx, (_apart, tx) => settleAt(tx, attempt.id, nextLook(ctx, attempt)))
}

/** Whether nobody is to pay it any more: its time is up, or it asks for more than is due. */
async function isOver(ctx: Context, attempt: Attempt): Promise<boolean> {
  const now = ctx.clock.now().getTime()
  if (attempt.kind === 'off_session') return now - attempt.createdAt.getTime() >= restMilliseconds
  if (now >= attempt.expiresAt.getTime()) return true
  const { accountId, invoiceId } = attempt
  const { dueMinor } = await separately(ctx, (_apart, tx) => lockInvoice(tx, { id: invoiceId, accountId }))
  return dueMinor < attempt.amountMinor
}

/** Each look is as far from the last as that is from the beginning, and one is when the page closes. */
function nextLook({ clock }: Context, { createdAt, expiresAt }: Attempt): Date {
  const now = clock.now().getTime()
  const age = Math.max(60_000, Math.min(now - createdAt.getTime(), aDay))
  const closes = expiresAt.getTime() + restMilliseconds
  return new Date(closes > now ? Math.min(now + age, closes) : now + age)
}

async function lookAt(ctx: Context, attempt: Attempt): Promise<boolean> {
  if (attempt.externalId === null) return false
  return conclude(ctx, attempt, await gatewayOf(ctx, attempt.driver).find(attempt.externalId))
}

/**
 * Sees to it that nobody pays it from now on; if it was paid, books that. False: the gateway cannot tell yet, as of money
 * that is on its way.
 */
export async function cancelAttempt(ctx: Context, attempt: Attempt): Promise<boolean> {
  const { externalId } = attempt
  if (externalId !== null) return conclude(ctx, attempt, await gatewayOf(ctx, attempt.driver).cancel(externalId))
  // Money moves for an attempt whose name at the gateway is written here, and for no other.
  const at = ctx.clock.now()
  const ended = await separately(ctx, (_apart, tx) =>
    decideAttempt(tx, attempt, {
      state: 'failed',
      error: 'it did not get as far as the gateway',
      at,
      ifNameless: true,
    }),
  )
  if (ended) return true
  const now = await attemptByKey(ctx.db, attempt.id)
  return now === undefined || !isUndecided(now)
}

async function conclude(ctx: Context, attempt: Attempt, outcome: Outcome): Promise<boolean> {
  await concludeAttempt(ctx, attempt, outcome)
  return outcome.state !== 'pending'
}
