/** The parts of what pg throws that we read; a lost connection is a plain Error of Node with its own codes. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** Whether a unique index said no; with `constraint`, whether it was that one. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (codeOf(error) !== '23505') return false
  return constraint === undefined || (error as { constraint?: string }).constraint === constraint
}

/** Whether a check constraint said no; with `constraint`, whether it was that one. */
export function isCheckViolation(error: unknown, constraint?: string): boolean {
  if (codeOf(error) !== '23514') return false
  return constraint === undefined || (error as { constraint?: string }).constraint === constraint
}

const unavailable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT', // the socket of a server that is not there
  'EPIPE',
  'ETIMEDOUT',
  '53300', // too many connections
  '57P01', // the server is shutting down
  '57P02', // the server crashed
  '57P03', // the server is starting
  '08000',
  '08003',
  '08006',
])

/** Whether the database cannot be reached now, and the same request may succeed a little later. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const code = codeOf(error)
  if (code !== undefined) return unavailable.has(code)
  // pg says these without a code.
  return (
    error instanceof Error && /^(Connection terminated|timeout exceeded when trying to connect)/.test(error.message)
  )
}
