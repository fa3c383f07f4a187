import { type Dialect, type ErrorCode, errors } from '@innkeeper/contract'
import { DriverError } from '@innkeeper/drivers'
import { isDatabaseUnavailable } from '../db/errors.ts'
import { Refusal } from '../refusal.ts'
import { serialise } from './answer.ts'

/** The refusal any thrown thing is answered with. What is not recognised is ours, and tells nothing. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof DriverError) return new Refusal(codeOfDriver[error.kind])
  if (isDatabaseUnavailable(error)) return new Refusal('temporarily_unavailable', { retryAfterSeconds: 1 })
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown } // anything can be thrown
  const known = typeof code === 'string' ? codesOfPostgres[code] : undefined
  if (known !== undefined) return new Refusal(known)
  if (statusCode === 413) return new Refusal('body_too_large')
  if (statusCode === 415) return new Refusal('unsupported_media_type')
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) return new Refusal('bad_request')
  return new Refusal('internal_error')
}

const codeOfDriver = {
  refused: 'upstream_error',
  unavailable: 'upstream_error',
  misconfigured: 'upstream_error',
  timeout: 'upstream_timeout',
} as const satisfies Record<DriverError['kind'], ErrorCode>

/** SQLSTATEs that the input or a rival can cause (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const codesOfPostgres: Readonly<Record<string, ErrorCode>> = {
  '22001': 'field_format_error', // too long
  '22003': 'field_format_error', // number out of range
  '22007': 'field_format_error', // not a date
  '22008': 'field_format_error', // date out of range
  '22021': 'field_format_error', // not in the character set
  '22P02': 'field_format_error', // text of the wrong form
  '22P05': 'field_format_error', // not in the character set
  '23503': 'conflict', // what it refers to is gone
  '23505': 'conflict', // somebody was first
  '23P01': 'conflict', // overlaps
  '40001': 'conflict',
  '40P01': 'conflict',
  '55P03': 'conflict', // locked
}

export interface ErrorAnswer {
  readonly status: number
  readonly body: string
}

/** Refusals that keep their status in `recorded`: what clients and machines between act upon, not business. */
function keepsStatus(code: ErrorCode): boolean {
  const { status } = errors[code]
  return (
    status >= 429 ||
    status === 400 ||
    status === 413 ||
    status === 415 ||
    status === 412 ||
    code === 'unauthorized' ||
    code === 'idempotency_in_flight' ||
    code === 'idempotency_key_reused'
  )
}

/** `early`: nothing was asked of the business yet (no such path, bad credentials), so `recorded` keeps the status too. */
export function errorAnswer({ code, detail }: Refusal, dialect: Dialect, early: boolean): ErrorAnswer {
  const { status } = errors[code]
  const { also = [], fields } = detail
  return {
    status: dialect === 'recorded' && !early && !keepsStatus(code) ? 200 : status,
    body: serialise({ success: false, error: [code, ...also], ...(fields === undefined ? {} : { fields }) }, dialect),
  }
}
