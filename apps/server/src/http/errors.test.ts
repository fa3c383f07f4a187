import { type Dialect, type ErrorCode, errors } from '@innkeeper/contract'
import { DriverError } from '@innkeeper/drivers'
import { describe, expect, test } from 'vitest'
import { Refusal } from '../refusal.ts'
import { errorAnswer, refusalOf } from './errors.ts'

test('in documented, every code is answered with its own status', () => {
  for (const code of Object.keys(errors) as ErrorCode[]) {
    expect(errorAnswer(new Refusal(code), 'documented', false).status).toBe(errors[code].status)
  }
})

describe('in recorded', () => {
  const cases: [ErrorCode, boolean, number][] = [
    ['dnserrip', false, 200],
    ['wronglogin', false, 200],
    ['wronglogin', true, 401],
    ['unauthorized', false, 401],
    ['not_found', false, 200],
    ['invalid method', false, 200],
    ['invalid method', true, 404],
    ['field_empty_error', false, 200],
    ['forbidden', false, 200],
    ['conflict', false, 200],
    ['bad_request', false, 400],
    ['body_too_large', true, 413],
    ['unsupported_media_type', true, 415],
    ['precondition_failed', false, 412],
    ['idempotency_in_flight', false, 409],
    ['idempotency_key_reused', false, 422],
    ['rate_limited', false, 429],
    ['internal_error', false, 500],
    ['temporarily_unavailable', false, 503],
    ['upstream_timeout', false, 504],
  ]
  test.each(cases)('%s (before the operation: %s) is answered %i', (code, early, status) => {
    expect(errorAnswer(new Refusal(code), 'recorded', early).status).toBe(status)
  })
})

test.each(['documented', 'recorded'] as Dialect[])('an error in %s is a list that is never empty', dialect => {
  const refusal = new Refusal('field_format_error', { also: ['ttl'], fields: { ttl: ['dnserrinv_ttl'] } })
  expect(JSON.parse(errorAnswer(refusal, dialect, false).body)).toEqual({
    success: false,
    error: ['field_format_error', 'ttl'],
    fields: { ttl: ['dnserrinv_ttl'] },
  })
})

describe('anything thrown is answered by the closed list', () => {
  const cases: [string, unknown, ErrorCode][] = [
    ['an error of ours', new Error('secret'), 'internal_error'],
    ['not even an error', 'secret', 'internal_error'],
    ['nothing', undefined, 'internal_error'],
    ['a text PostgreSQL cannot read', { code: '22P02' }, 'field_format_error'],
    ['a number out of range', { code: '22003' }, 'field_format_error'],
    ['a unique violation nobody caught', { code: '23505' }, 'conflict'],
    ['a serialisation failure', { code: '40001' }, 'conflict'],
    ['a broken constraint of ours', { code: '23502' }, 'internal_error'],
    ['a name server that refuses', new DriverError('refused', 'secret'), 'upstream_error'],
    ['a name server that is slow', new DriverError('timeout', 'secret'), 'upstream_timeout'],
    ['a server that is not there', coded('ECONNREFUSED'), 'temporarily_unavailable'],
    ['a socket that is not there', coded('ENOENT', 'connect'), 'temporarily_unavailable'],
    ['a server that is shutting down', coded('57P01'), 'temporarily_unavailable'],
    ['a server that is starting', coded('57P03'), 'temporarily_unavailable'],
    ['a lost connection', coded('08006'), 'temporarily_unavailable'],
    ['another lost connection', new Error('Connection terminated unexpectedly'), 'temporarily_unavailable'],
    ['a pool that waited in vain', new Error('timeout exceeded when trying to connect'), 'temporarily_unavailable'],
    ['a file that is not there', coded('ENOENT', 'open'), 'internal_error'],
    ['a body over the limit', { statusCode: 413 }, 'body_too_large'],
  ]
  test.each(cases)('%s', (_what, thrown, code) => {
    expect(refusalOf(thrown).code).toBe(code)
    expect(errorAnswer(refusalOf(thrown), 'documented', false).body).not.toContain('secret')
  })
})

function coded(code: string, syscall?: string): Error {
  return Object.assign(new Error('secret'), { code, syscall })
}
