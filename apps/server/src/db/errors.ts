/**
 * Waits for a statement. Where the unique index of this name says no, throws what `refusal` makes; the database has the
 * last word on who was first, whatever was read before.
 */
export async function unlessTaken<T>(statement: Promise<T>, index: string, refusal: () => Error): Promise<T> {
  try {
    return await statement
  } catch (error) {
    throw isUniqueViolation(error, index) ? refusal() : error
  }
}

/** Whether the unique index of this name said no. */
export function isUniqueViolation(error: unknown, index: string): boolean {
  return violates(error, '23505', index)
}

/** Whether the check constraint of this name said no. */
export function isCheckViolation(error: unknown, constraint: string): boolean {
  return violates(error, '23514', constraint)
}

function violates(error: unknown, sqlState: string, constraint: string): boolean {
  if (!(error instanceof Error)) return false
  const violation = error as { code?: unknown; constraint?: unknown } // what pg adds to its errors
  return violation.code === sqlState && violation.constraint === constraint
}
