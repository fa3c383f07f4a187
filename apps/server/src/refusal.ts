import type { ErrorCode } from '@innkeeper/contract'

export interface RefusalDetail {
  /** Further entries of the `error` list behind the code: its arguments, or codes that published clients look for. */
  readonly also?: readonly string[]
  /** What is wrong with which input, as lists of codes by field name. */
  readonly fields?: Readonly<Record<string, readonly string[]>>
  /** Seconds until it makes sense to try again. */
  readonly retryAfterSeconds?: number
  /** Headers the answer carries, names in lower case: WWW-Authenticate, RateLimit-*. */
  readonly headers?: Readonly<Record<string, string>>
}

/** The one way for code to say no: a code of the closed list. http/errors.ts turns it into an answer. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: ErrorCode
  readonly detail: RefusalDetail
  constructor(code: ErrorCode, detail: RefusalDetail = {}) {
    super(code)
    this.code = code
    this.detail = detail
  }
}

/** For things that do not exist or belong to somebody else: the two are told apart to nobody. */
export function notFound(): Refusal {
  return new Refusal('not_found')
}

/** One field of the input is at fault. The two general codes name the field behind them, as published clients expect. */
export function badField(field: string, code: ErrorCode): Refusal {
  const general = code === 'field_empty_error' || code === 'field_format_error'
  return new Refusal(code, { ...(general ? { also: [field] } : {}), fields: { [field]: [code] } })
}
