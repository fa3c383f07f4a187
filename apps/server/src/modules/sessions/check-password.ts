import type { App, Context } from '../../context.ts'
import { Refusal } from '../../refusal.ts'
import { audit } from '../audit/index.ts'
import { findLogin, type LoginRow } from './logins-store.ts'
import { isPassword } from './password.ts'
import { type Attempt, takeAttempt, userBucket } from './throttle.ts'

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
  const attempt = await takeAttempt(asker, userBucket(asker, email), asker.address)
  const login = await findLogin(asker.db, email)
  const right = await tryPassword(attempt, login, password)
  if (right && login?.status === 'Active' && accepts(login)) {
    await attempt.succeeded()
    return login
  }
  await asker.db.transaction().execute(tx =>
    audit(asker, tx, {
      event: 'auth.login_failed',
      description: 'Failed attempt to sign in',
      accountId: login?.account_id ?? null,
    }),
  )
  throw new Refusal('wronglogin', { headers: attempt.headers })
}

async function tryPassword(attempt: Attempt, login: LoginRow | undefined, password: string): Promise<boolean> {
  try {
    return await isPassword(login?.password_hash, password)
  } catch (error) {
    await attempt.undone() // too much going on here is not the caller's failure
    throw error
  }
}
