import { type DestinationStream, type Logger, pino } from 'pino'
import type { Config } from './config.ts'

/** Structured logs, one JSON object a line, from which no secret can be read. */
export function createLog(config: Pick<Config, 'logLevel'>, destination?: DestinationStream): Logger {
  const options = {
    level: config.logLevel,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (line: Record<string, unknown>) => scrubbed(line, 0) as Record<string, unknown>, // an object stays one
    },
    serializers: { err: describeError },
    hooks: { streamWrite: scrubLine },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}

const hidden = '[hidden]'
/** Names of fields, headers and settings whose values nobody may read, however they are spelt. */
const secretNames =
  '[\\w-]*(?:passw(?:or)?d|passphrase|secret|authori[sz]ation|cookie|api_?key|private_?key|master_?key|epp_?code|auth_?code|totp)[\\w-]*|[\\w-]*token|refresh|epp|otp|code'
const isSecret = new RegExp(`^(?:${secretNames})$`, 'i')
const maxDepth = 6

function scrubbed(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (value instanceof Error) return depth > maxDepth ? hidden : describeError(value)
  if (depth > maxDepth || ArrayBuffer.isView(value)) return hidden
  if (Array.isArray(value)) return value.map(item => scrubbed(item, depth + 1))
  const copy: Record<string, unknown> = {}
  for (const [name, item] of Object.entries(value)) {
    copy[name] = item !== undefined && isSecret.test(name) ? hidden : scrubbed(item, depth + 1)
  }
  return copy
}

const secretField = new RegExp(`"(${secretNames})":"(?:[^"\\\\]|\\\\.)*"`, 'gi')
const secretParameter = new RegExp(`([?&](?:${secretNames}|key)=)[^&\\s#"\\\\]*`, 'gi')

/** The finished line once more: secrets stand in running text too, in messages, URLs and the fields of child loggers. */
function scrubLine(line: string): string {
  return line
    .replaceAll(secretField, `"$1":"${hidden}"`)
    .replaceAll(secretParameter, `$1${hidden}`)
    .replaceAll(/\/\/[^/@\s"]*@/g, `//${hidden}@`)
    .replaceAll(/\b(basic|bearer)\s+[\w.~+/=-]{6,}/gi, `$1 ${hidden}`)
    .replaceAll(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, hidden)
    .replaceAll(/\b[a-z]{2,4}_[\w-]{20,}/g, hidden)
}

/** What is known of an error. PostgreSQL's `detail` and `where` are left out: they quote the values of rows. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return scrubbed(error, 1)
  const { code, constraint, table, kind } = error as {
    code?: unknown
    constraint?: unknown
    table?: unknown
    kind?: unknown
  } // some have them
  return scrubbed(
    {
      type: error.name,
      message: error.message,
      stack: error.stack,
      ...definedOnly({ errorCode: code, constraint, table, kind }),
      ...(error.cause === undefined ? {} : { cause: error.cause }),
    },
    1,
  )
}

function definedOnly(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
