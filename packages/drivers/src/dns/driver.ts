import type { RecordType } from './records/types.ts'

/** One record as a name server publishes it: only real types, pseudo types are expanded before. */
export interface ZoneRecord {
  /** Full owner name, lower case, A-labels, no trailing dot; `*.` may lead. */
  readonly name: string
  readonly type: RecordType
  readonly ttlSeconds: number
  /** Canonical presentation form of the data as RFC 1035 zone files write it: host names end in a dot, MX and SRV begin with the priority. */
  readonly data: string
}

/** The wanted state of one zone. The SOA is made by the server from these fields, the apex NS are among the records. */
export interface Zone {
  readonly name: string
  /** SOA serial, 0 to 4294967295; grows by RFC 1982. */
  readonly serial: number
  /** SOA primary and mailbox as names without trailing dot (mailbox with the @ written as a dot). */
  readonly primary: string
  readonly mailbox: string
  readonly soaTtlSeconds: number
  readonly refreshSeconds: number
  readonly retrySeconds: number
  readonly expireSeconds: number
  readonly minimumSeconds: number
  readonly records: readonly ZoneRecord[]
}

/**
 * A name server that publishes zones. Every call states the wanted end and may be repeated; a call that fails throws a
 * DriverError and has changed nothing that a repetition does not mend.
 */
export interface DnsDriver {
  /** Short name, `builtin` or `powerdns`. */
  readonly name: string
  readonly types: ReadonlySet<RecordType>
  /** What the server has now: SOA serial by zone name. The follower compares it with the database at start. */
  list(): Promise<Map<string, number>>
  /** Makes the server answer with exactly this zone. Once resolved, a query sent afterwards gets the new answer. */
  publish(zone: Zone): Promise<void>
  /** Stops serving the zone; unknown names are fine. */
  remove(name: string): Promise<void>
  /** For `doctor` and readiness: throws a DriverError that says what to do. */
  check(): Promise<void>
  close(): Promise<void>
}
