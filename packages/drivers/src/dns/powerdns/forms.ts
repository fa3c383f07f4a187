import type { Form } from './call.ts'

/** What PowerDNS says of itself. */
export interface ServerInfo {
  readonly daemon_type: string
  readonly version: string
}

/** What PowerDNS says of a zone without reading its records. */
export interface ZoneSummary {
  /** With the last dot. */
  readonly name: string
  readonly account: string
  readonly serial: number
}

export interface ZoneSettings {
  readonly account: string
  readonly kind: string
  /** Empty leaves our serial alone; anything else makes PowerDNS count by itself. */
  readonly soa_edit_api: string
  /** Enters names that only have names below them; without it these would not exist (NXDOMAIN) instead of being empty. */
  readonly api_rectify: boolean
}

export interface WholeZone extends ZoneSettings {
  readonly rrsets: readonly RecordSet[]
}

/** A record set as the API of PowerDNS has it. */
export interface RecordSet {
  /** With the last dot. */
  readonly name: string
  readonly type: string
  readonly ttl: number
  readonly records: readonly { readonly content: string; readonly disabled: boolean }[]
}

/** A record set of a PATCH; DELETE needs neither TTL nor records. */
export type SetChange =
  | (RecordSet & { readonly changetype: 'REPLACE' })
  | { readonly name: string; readonly type: string; readonly changetype: 'DELETE' }

/* Whether an answer has its form, as far as we rely on it: something else may answer at the address of PowerDNS. */

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null
const areTexts = (...values: readonly unknown[]) => values.every(value => typeof value === 'string')

export const isServerInfo = ((value: unknown) =>
  isFields(value) && areTexts(value.daemon_type, value.version)) as Form<ServerInfo> // each field is looked at

const isZoneSummary = (value: unknown) =>
  isFields(value) && areTexts(value.name, value.account) && typeof value.serial === 'number'

export const areZoneSummaries = ((value: unknown) => Array.isArray(value) && value.every(isZoneSummary)) as Form<
  readonly ZoneSummary[]
> // as above

export const isWholeZone = ((value: unknown) =>
  isFields(value) &&
  areTexts(value.account, value.kind, value.soa_edit_api) &&
  typeof value.api_rectify === 'boolean' &&
  Array.isArray(value.rrsets) &&
  value.rrsets.every(isRecordSet)) as Form<WholeZone> // as above

const isRecordSet = ((value: unknown) =>
  isFields(value) &&
  areTexts(value.name, value.type) &&
  typeof value.ttl === 'number' &&
  Array.isArray(value.records) &&
  value.records.every(record => isFields(record) && areTexts(record.content))) as Form<RecordSet> // as above
