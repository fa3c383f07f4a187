import { randomBytes } from 'node:crypto'

/** An object of Stripe as its API shows it; references to others are ids until they are expanded. */
export interface StripeObject {
  readonly id: string
  readonly object: string
  [field: string]: unknown
}

/** What a request is answered with where Stripe says no. */
export class StripeRefusal extends Error {
  readonly status: number
  readonly error: Readonly<Record<string, unknown>>
  constructor(status: number, error: Readonly<Record<string, unknown>>) {
    super(String(error.message ?? error.code))
    this.status = status
    this.error = error
  }
}

export function invalid(code: string, message: string): StripeRefusal {
  return new StripeRefusal(400, { type: 'invalid_request_error', code, message })
}

/** Everything that the account holds, by id. */
export interface Store {
  add(prefix: string, object: string, fields: Readonly<Record<string, unknown>>): StripeObject
  get(id: unknown, object: string): StripeObject
  list(object: string, matches: (one: StripeObject) => boolean): StripeObject[]
  /** A copy in which the references named by these paths are the objects themselves. */
  expand(one: StripeObject, paths: readonly string[]): StripeObject
}

export function createStore(now: () => Date): Store {
  const objects = new Map<string, StripeObject>()

  function expandPath(into: Record<string, unknown>, [field = '', ...rest]: readonly string[]): void {
    const value = into[field]
    if (value === null || value === undefined) return
    const found = typeof value === 'string' ? objects.get(value) : value
    if (typeof found !== 'object' || found === null) throw invalid('', `This property cannot be expanded (${field}).`)
    const copy = { ...found } as Record<string, unknown> // a plain object
    into[field] = copy
    if (rest.length > 0) expandPath(copy, rest)
  }

  return {
    add(prefix, object, fields) {
      const id = `${prefix}_${randomBytes(9).toString('hex')}`
      const made = { id, object, created: Math.floor(now().getTime() / 1000), livemode: false, ...fields }
      objects.set(id, made)
      return made
    },
    get(id, object) {
      const found = objects.get(String(id))
      if (found?.object === object) return found
      throw new StripeRefusal(404, {
        type: 'invalid_request_error',
        code: 'resource_missing',
        message: `No such ${object}: '${id}'`,
      })
    },
    list: (object, matches) => [...objects.values()].filter(one => one.object === object && matches(one)).reverse(),
    expand(one, paths) {
      const copy = { ...one }
      for (const path of paths) expandPath(copy, path.split('.'))
      return copy
    },
  }
}
