import type { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { readForm } from './form.ts'
import { createAnswers, type FakeAnswer } from './idempotency.ts'
import { type Account, type Operation, operationsOf } from './operations.ts'
import { StripeRefusal } from './store.ts'

/** What goes wrong with a call. `late`: it is carried out and never answered. `lost`: it is not even carried out. */
export type Mishap = 'late' | 'lost' | 'broken'

/** How the API answers: with a key, once for each idempotency key, and not always. */
export interface Answering {
  /** Every call that arrived: `POST payment_intents`. */
  readonly calls: readonly string[]
  /** The next `times` calls that match (`POST payment_intents`) go wrong. */
  mishap(call: RegExp, kind: Mishap, times?: number): void
  /** Every call takes so long. */
  delay(milliseconds: number): void
  answer(request: IncomingMessage, text: string): Promise<FakeAnswer | 'never'>
}

export function createAnswering(account: Account, secretKey: string): Answering {
  const operations = operationsOf(account)
  const answers = createAnswers()
  const calls: string[] = []
  let mishaps: { call: RegExp; kind: Mishap; times: number }[] = []
  let delayMilliseconds = 0

  function nextMishap(call: string): Mishap | undefined {
    const mishap = mishaps.find(one => one.call.test(call))
    if (mishap !== undefined && --mishap.times === 0) mishaps = mishaps.filter(one => one !== mishap)
    return mishap?.kind
  }

  function carryOut(operation: Operation, path: string, text: string): FakeAnswer {
    const form = readForm(text)
    const expand = form.expand()
    const made = operation.run(form, operation.path.exec(path)?.[1] ?? '')
    form.done()
    const list = { object: 'list', url: `/v1/${path}`, has_more: false, data: made }
    return { status: 200, body: JSON.stringify(Array.isArray(made) ? list : account.store.expand(made, expand)) }
  }

  async function answer(request: IncomingMessage, text: string): Promise<FakeAnswer | 'never'> {
    const url = new URL(request.url ?? '', 'http://stripe.test')
    const path = url.pathname.replace(/^\/v1\//, '')
    calls.push(`${request.method} ${path}`)
    if (delayMilliseconds > 0) await sleep(delayMilliseconds)
    if (request.headers.authorization !== `Bearer ${secretKey}`) {
      throw new StripeRefusal(401, { type: 'invalid_request_error', message: 'Invalid API Key provided' })
    }
    const mishap = nextMishap(`${request.method} ${path}`)
    if (mishap === 'lost') return 'never'
    if (mishap === 'broken') throw new StripeRefusal(500, { type: 'api_error', message: 'An error occurred' })
    const operation = operations.find(one => one.method === request.method && one.path.test(path))
    if (operation === undefined) throw new StripeRefusal(404, { message: `Unrecognized request URL (${path})` })
    const key = request.headers['idempotency-key']
    const form = request.method === 'GET' ? url.search.slice(1) : text
    const known = typeof key === 'string' ? answers.find(key, `${path} ${form}`) : undefined
    const given = known ?? refusedOr(() => carryOut(operation, path, form))
    if (typeof key === 'string') answers.keep(key, given)
    return mishap === 'late' ? 'never' : given
  }

  return {
    calls,
    mishap: (call, kind, times = 1) => void mishaps.push({ call, kind, times }),
    delay(milliseconds) {
      delayMilliseconds = milliseconds
    },
    async answer(request, text) {
      try {
        return await answer(request, text)
      } catch (error) {
        return refused(error)
      }
    },
  }
}

function refusedOr(work: () => FakeAnswer): FakeAnswer {
  try {
    return work()
  } catch (error) {
    return refused(error)
  }
}

function refused(error: unknown): FakeAnswer {
  if (error instanceof StripeRefusal) return { status: error.status, body: JSON.stringify({ error: error.error }) }
  throw error
}
