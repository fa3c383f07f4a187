import { isIntegrityViolation } from '../../db/errors.ts'

/** What is written down of an account's money contradicts itself. Nothing more is billed before somebody has looked. */
export class Unsound extends Error {
  override readonly name = 'Unsound'
}

/** Found by ourselves, or by a check of the database: an entry that does not balance, a document that is final. */
export function isUnsound(error: unknown): error is Error {
  return error instanceof Unsound || isIntegrityViolation(error)
}
