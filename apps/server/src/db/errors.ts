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

/** Whether a check of what has to be true of the rows said no: a check constraint, or a trigger that acts as one. */
export function isIntegrityViolation(error: unknown): error is Error {
  return error instanceof Error && (error as { code?: unknown }).code === '23514' // what pg adds to its errors
}

function violates(error: unknown, sqlState: string, constraint: string): boolean {
  if (!(error instanceof Error)) return false
  const violation = error as { code?: unknown; constraint?: unknown } // what pg adds to its errors
  return violation.code === sqlState && violation.constraint === constraint
}

const unavailable: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EAI_AGAIN',
  '53300', // too many connections
  '57P01', // the server is shutting down
  '57P02', // the server crashed
  '57P03', // the server is starting
  '08000',
  '08003',
  '08006',
])

/** pg says these without a code. */
const unavailableMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/

/** Whether the database cannot be reached now, and the same request may succeed a little later. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, syscall } = error as { code?: unknown; syscall?: unknown } // what Node and pg add to their errors
  if (code === 'ENOENT') return syscall === 'connect' // the socket of a server that is not there
  return code === undefined ? unavailableMessages.test(error.message) : unavailable.has(code)
}

/** Whether the same transaction may well succeed if it runs again. */
export function isTransient(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown } // anything can be thrown
  return code === '40001' || code === '40P01'
}
