import { unlessTaken } from '../../db/errors.ts'
import { Refusal } from '../../refusal.ts'

/** Waits for a statement that gives somebody a user name; the database says whether another has it. */
export function unlessEmailTaken<T>(statement: Promise<T>): Promise<T> {
  const code = 'useralreadyexistsemail_error'
  return unlessTaken(statement, 'login_email_key', () => new Refusal(code, { fields: { email: [code] } }))
}
