import { absoluteName } from './names.ts'
import { type Content, type Parsed, refuse } from './rule.ts'
import { parseType, rules } from './rules.ts'
import type { Finding, StoredRecord } from './types.ts'

/** Characters, escaped: TXT may fill a DNS message; for the others this is more than anybody needs. */
const longestText = 300_000
const longestContent = 16_000

/** A record as a client sends it. */
export interface RecordInput {
  /** The zone's canonical name. */
  readonly zone: string
  /** As `absoluteName` takes it. */
  readonly name: string
  readonly type: string
  /** Seconds; undefined takes the default of the limits. */
  readonly ttlSeconds?: number | undefined
  /** 0 to 65535, of MX and SRV; other types have none and ignore it. */
  readonly priority?: number | undefined
  /** Text, or the parts one by one as in SRV `[weight, port, target]`. */
  readonly content: Content
}

/** The TTLs that a provider allows, in seconds. */
export interface TtlLimits {
  readonly minTtlSeconds: number
  readonly maxTtlSeconds: number
  readonly defaultTtlSeconds: number
}

/** The record in canonical form, or all that is wrong with what was sent. */
export type ParsedRecord =
  | { readonly ok: true; readonly record: StoredRecord }
  | { readonly ok: false; readonly findings: Finding[] }

/**
 * A client's record in canonical form, or everything that is wrong with it. It looks at the record alone; what the rest of
 * the zone says about it is `ZoneIndex.check`. Never throws. A stored record sent again comes out unchanged.
 */
export function parseRecord(input: RecordInput, limits: TtlLimits): ParsedRecord {
  const findings: Finding[] = []
  const type = parseType(input.type)
  if (type === undefined) findings.push(refuse('type', 'type', 'no such record type here'))
  const name = absoluteName(input.zone, input.name.trim())
  if (name === undefined) findings.push(refuse('name', 'name', `not a name inside ${input.zone}`))
  const ttlSeconds = input.ttlSeconds ?? limits.defaultTtlSeconds
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < limits.minTtlSeconds || ttlSeconds > limits.maxTtlSeconds) {
    const range = `${limits.minTtlSeconds} to ${limits.maxTtlSeconds}`
    findings.push(refuse('ttl', 'ttl', `the TTL is a whole number of seconds from ${range}`))
  }
  const parsed = type === undefined ? undefined : parseContent(type, input, name)
  if (parsed !== undefined && 'problem' in parsed) findings.push(parsed)
  if (type === undefined || name === undefined || parsed === undefined || 'problem' in parsed || findings.length > 0) {
    return { ok: false, findings }
  }
  // `|| 0` also turns -0, which JSON can say, into 0.
  const numbers = { ttlSeconds: ttlSeconds || 0, priority: parsed.priority || 0 }
  return { ok: true, record: { name, type, ...numbers, content: parsed.content } }
}

/** Data for ZoneRecord, as zone files write it; of a pseudo type, which no zone file has, the content. */
export function presentData(record: Pick<StoredRecord, 'type' | 'priority' | 'content'>): string {
  return rules[record.type].present(record)
}

function parseContent(type: StoredRecord['type'], input: RecordInput, name: string | undefined): Parsed | Finding {
  const { zone, priority } = input
  const content = unwrap(input.content)
  const most = type === 'TXT' ? longestText : longestContent
  const length = typeof content === 'string' ? content.length : content.join(' ').length
  if (length === 0) return refuse('content', 'content', 'the content is empty')
  const tooLong = refuse('content', 'content', `the content is longer than ${most} characters`)
  if (length > most) return tooLong
  const parsed = rules[type].parse({ zone, name: name ?? zone, priority, content })
  // With a bad name the rules that compare data with the owner have nothing to say.
  if ('problem' in parsed) return parsed.field === 'name' && name === undefined ? { content: '' } : parsed
  // Escaping makes it longer, and what is stored must be taken again.
  return parsed.content.length > most ? tooLong : parsed
}

/** A list of one is that one. */
function unwrap(content: Content): Content {
  if (typeof content === 'string') return content.trim()
  return content.length === 1 ? String(content[0]).trim() : content
}
