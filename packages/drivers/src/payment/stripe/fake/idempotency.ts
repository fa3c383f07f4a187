import { invalid, StripeRefusal } from './store.ts'

export interface FakeAnswer {
  readonly status: number
  readonly body: string
}

/** Answers by Idempotency-Key: https://docs.stripe.com/api/idempotent_requests. */
export function createAnswers() {
  const kept = new Map<string, { readonly request: string; answer?: FakeAnswer }>()
  return {
    /** The answer given to this key before; undefined: go on, and {@link keep} it. */
    find(key: string, request: string): FakeAnswer | undefined {
      const known = kept.get(key)
      if (known === undefined) {
        kept.set(key, { request })
        return undefined
      }
      if (known.request !== request) {
        const message =
          'Keys for idempotent requests can only be used with the same parameters they were first used with.'
        throw new StripeRefusal(400, { type: 'idempotency_error', message })
      }
      if (known.answer === undefined) {
        throw new StripeRefusal(409, { ...invalid('idempotency_key_in_use', 'still running').error })
      }
      return known.answer
    },
    keep(key: string, answer: FakeAnswer): void {
      const known = kept.get(key)
      if (known !== undefined) known.answer = answer
    },
  }
}
