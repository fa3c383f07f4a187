import { createDeadlines } from '../../kit/deadline.ts'
import { DriverError } from '../../kit/driver-error.ts'
import { readAtMost } from '../../kit/read-at-most.ts'
import { type VatAnswer, type VatCheckError, type VatDriver, type VatNumber, vatCheckErrors } from '../driver.ts'

/** Where VIES is, and who asks. */
export interface ViesOptions {
  /** Of the REST service, without the last slash. */
  readonly url: string
  /** The asker's own VAT number. */
  readonly requester?: VatNumber
  readonly timeoutMilliseconds?: number
}

/** What the service answers, as far as we read it. Trouble comes with status 200 too. */
interface Reply {
  readonly countryCode?: unknown
  readonly vatNumber?: unknown
  readonly valid?: unknown
  readonly userError?: unknown
  readonly requestIdentifier?: unknown
  readonly name?: unknown
  readonly address?: unknown
  readonly errorWrappers?: unknown
}

/** In bytes; VIES answers with less than a thousand. */
const longestAnswer = 65_536

/** Asks VIES about VAT numbers. Throws a DriverError `misconfigured` for an address that is none. */
export function createVies({ url, requester, timeoutMilliseconds = 20_000 }: ViesOptions): VatDriver {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new DriverError('misconfigured', 'the address of VIES is a URL such as https://vies.example.net/rest-api')
  }
  const endpoint = `${url.replace(/\/+$/, '')}/check-vat-number`
  const deadlines = createDeadlines()

  async function ask({ prefix, number }: VatNumber, signal: AbortSignal): Promise<VatAnswer> {
    const question = {
      countryCode: prefix,
      vatNumber: number,
      ...(requester === undefined
        ? {}
        : { requesterMemberStateCode: requester.prefix, requesterNumber: requester.number }),
    }
    try {
      const response = await fetch(endpoint, {
        method: 'POST',
        // Who is asked frees from tax: nobody else may answer.
        redirect: 'error',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        body: JSON.stringify(question),
        signal,
      })
      return answerOf(await readAtMost(longestAnswer, response), response.status, { prefix, number })
    } catch (error) {
      if (signal.aborted) return unknown('TIMEOUT', 'VIES did not answer in time')
      const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
      return unknown('SERVICE_UNAVAILABLE', `VIES cannot be reached: ${why}`)
    }
  }

  return {
    name: 'vies',
    check: number => deadlines.within(timeoutMilliseconds, signal => ask(number, signal)),
    async close() {
      deadlines.end()
    },
  }
}

function answerOf(body: string, status: number, asked: VatNumber): VatAnswer {
  const reply = read(body)
  if (reply === undefined) return unknown('SERVICE_UNAVAILABLE', `VIES answers ${status} without JSON`)
  const error = errorOf(reply)
  if (error !== undefined) return unknown(error, `VIES answers ${error}`)
  // An answer about another number (a cache between us, for one) must not free this one from tax.
  const about = reply.countryCode === asked.prefix && reply.vatNumber === asked.number
  if (status !== 200 || !about || typeof reply.valid !== 'boolean') {
    return unknown('SERVICE_UNAVAILABLE', `VIES answers ${status} in a form that is not known`)
  }
  const proof = textOf(reply.requestIdentifier)
  const consultation = proof === undefined ? {} : { consultationNumber: proof }
  if (!reply.valid) return { state: 'invalid', ...consultation }
  const name = textOf(reply.name)
  const address = textOf(reply.address)
  return {
    state: 'valid',
    ...consultation,
    ...(name === undefined ? {} : { name }),
    ...(address === undefined ? {} : { address }),
  }
}

function read(body: string): Reply | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** `userError` says VALID or INVALID too, where there is none. An error whose name is new is trouble all the same. */
function errorOf({ errorWrappers, userError }: Reply): VatCheckError | undefined {
  const [first] = Array.isArray(errorWrappers) ? errorWrappers : []
  const named: unknown = first?.error ?? (userError === 'VALID' || userError === 'INVALID' ? undefined : userError)
  if (named === undefined || named === null || named === '') return undefined
  return vatCheckErrors.find(error => error === named) ?? 'SERVICE_UNAVAILABLE'
}

/** VIES writes dashes for what a state does not tell. */
function textOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : ''
  return text === '' || /^-+$/.test(text) ? undefined : text
}

function unknown(error: VatCheckError, message: string): VatAnswer {
  return { state: 'unknown', error, message }
}
