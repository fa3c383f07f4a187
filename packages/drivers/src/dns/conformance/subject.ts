import type { DnsDriver } from '../driver.ts'
import type { Ask } from './ask.ts'

/** A driver with its server running, as the suite gets it. */
export interface Subject {
  readonly driver: DnsDriver
  /** Asks that server by real DNS. */
  readonly ask: Ask
  /** The same kind of driver with nobody there to talk to. */
  readonly dead: DnsDriver
  /** Ends driver and server. */
  stop(): Promise<void>
}
