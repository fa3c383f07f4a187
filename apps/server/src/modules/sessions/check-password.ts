import type { App, Context } from '../../context.ts'
import { Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { findLogin, type LoginRow } from './logins-store.ts'
import { isPassword, passwordSlot } from './password.ts'
import { takeAttempt, userBucket } from './throttle.ts'

/** Who asks to sign in: a request, before anybody is known. */
export type Asker = App & Pick<Context, 'address' | 'requestId'>

/**
 * The login of a user name and password, or a refusal that is the same, after the same work, whether the user does not
 * exist, the password is wrong, the account is closed, or `accepts` says no.
 */
export async function checkPassword(
  asker: Asker,
  username: string,
  password: string,
  accepts: (login: LoginRow) => boolean,
): Promise<LoginRow> {
  // PostgreSQL has no text with NUL in it, so neither has a user name.
  const email = username.includes('\0') ? '' : username.trim().toLowerCase()
  // Counted inside the slot: of many right passwords sent at once, each has cleared its count before the next counts.
  const { attempt, login, accepted } = await passwordSlot(async () => {
    const attempt = await takeAttempt(asker, userBucket(asker, email), asker.address)
    const login = await findLogin(asker.db, email)
    const right = await isPassword(login?.password_hash, password)
    const accepted = right && login?.status === 'Active' && accepts(login) ? login : undefined
    if (accepted !== undefined) await attempt.succeeded()
    return { attempt, login, accepted }
  })
  if (accepted !== undefined) return accepted
  await asker.db.transaction().execute(tx =>
    audit(asker, tx, {
      event: 'auth.login_failed',
      description: 'Failed attempt to sign in',
      accountId: login?.account_id ?? null,
    }),
  )
  throw new Refusal('wronglogin', { headers: attempt.headers })
}
