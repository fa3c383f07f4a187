/** What went wrong with somebody else's system, in a form that callers can act on. */
export class DriverError extends Error {
  override readonly name = 'DriverError'
  /** `refused`: it said no and will again; `unavailable`, `timeout`: try again later; `misconfigured`: an operator must act. */
  readonly kind: 'refused' | 'unavailable' | 'timeout' | 'misconfigured'
  constructor(kind: DriverError['kind'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}
