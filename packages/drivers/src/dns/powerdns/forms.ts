import type { Form } from './call.ts'
import type { ServerInfo, WholeZone, ZoneSummary } from './client.ts'
import type { RecordSet } from './record-sets.ts'

/* The forms of PowerDNS' answers, as far as we rely on them: something else may answer at its address. */

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
