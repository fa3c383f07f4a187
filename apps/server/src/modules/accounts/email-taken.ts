import { isUniqueViolation } from '../../db/errors.ts'
import { Refusal } from '../../refusal.ts'

/** Waits for a statement that gives somebody a user name; the database says whether another has it. */
export async function orTaken<T>(written: Promise<T>): Promise<T> {
  try {
    return await written
  } catch (error) {
    if (!isUniqueViolation(error, 'login_email_key')) throw error
    throw new Refusal('useralreadyexistsemail_error', { fields: { email: ['useralreadyexistsemail_error'] } })
  }
}
