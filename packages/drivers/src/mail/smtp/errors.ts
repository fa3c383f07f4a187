import { DriverError } from '../../kit/driver-error.ts'

/** What nodemailer throws: its own code, and the server's reply if it was that. */
interface SmtpFailure {
  readonly code?: string
  readonly responseCode?: number
  readonly message: string
}

/** Translates a failure of SMTP: replies by their first digit (RFC 5321 §4.2.1), the rest by what broke. */
export function driverError(error: unknown): DriverError {
  const failure = error as SmtpFailure // nodemailer throws nothing else
  return new DriverError(kindOf(failure), `the mail server: ${failure.message}`, { cause: error })
}

function kindOf({ code, responseCode }: SmtpFailure): DriverError['kind'] {
  if (error(code, 'EAUTH', 'ENOAUTH', 'EOAUTH2', 'ETLS', 'ECONFIG')) {
    // 454: signing in is not possible just now (RFC 4954 §4.7).
    return responseCode !== undefined && responseCode < 500 ? 'unavailable' : 'misconfigured'
  }
  if (code === 'ETIMEDOUT') return 'timeout'
  // 421 and its like: the server is going away, or wants less of us.
  if (responseCode !== undefined) return responseCode >= 500 ? 'refused' : 'unavailable'
  return error(code, 'EENVELOPE', 'EMESSAGE') ? 'refused' : 'unavailable'
}

const error = (code: string | undefined, ...codes: string[]) => code !== undefined && codes.includes(code)
