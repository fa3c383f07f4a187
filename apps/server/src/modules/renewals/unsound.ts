import { isIntegrityViolation } from '../../db/errors.ts'
import { Unsound } from '../services/index.ts'

/** Found by ourselves, or by a check of the database: an entry that does not balance, a document that is final. */
export function isUnsound(error: unknown): error is Error {
  return error instanceof Unsound || isIntegrityViolation(error)
}
