import { Type } from 'typebox'

/*
 * The quirks of the wire, each named once. Schemas whose name starts with `In` describe what clients send: the server
 * converts "10", "on" and PHP lists to them before it validates. The others describe answers, where the JSON type
 * of each field is the contract.
 */

const idPattern = '^[1-9][0-9]{0,17}$'
/** An id as clients send it: number or string of digits. The server sees a string. */
export const InId = Type.String({ pattern: idPattern, description: 'Id, as a number or a string' })
/** The same, where the name of the field does not say the id of what. */
export function InIdOf(description: string) {
  return Type.String({ pattern: idPattern, description })
}
/** A text of at most `maxLength` characters. Numbers are taken as text. */
export function InText(maxLength = 255, description?: string) {
  return Type.String({ maxLength, ...(description === undefined ? {} : { description }) })
}
/** A whole number; `"10"` is taken. */
export function InInteger(minimum: number, maximum: number, description?: string) {
  return Type.Integer({ minimum, maximum, ...(description === undefined ? {} : { description }) })
}
/** A decimal number; `"9.99"` is taken. */
export function InNumber(description?: string) {
  return Type.Number(description === undefined ? {} : { description })
}
/** true, 1, "1", "true", "on", "yes" and their opposites; the empty string is false. */
export function InBoolean(description?: string) {
  return Type.Boolean(description === undefined ? {} : { description })
}
/** A tree whose keys the operation gives meaning to, as a JSON object or in PHP brackets (`custom[1618][10330]=1`). */
export function InTree(description: string) {
  return Type.Unknown({ description })
}
/** One of these texts, in an answer or as sent; a number is taken as its text. */
export function OneOf<const Values extends string[]>(values: readonly [...Values], description?: string) {
  return Type.Enum(values, { type: 'string', ...(description === undefined ? {} : { description }) })
}

/** An id in an answer: a string of digits. */
export const Id = Type.String({ description: 'Id' })
/** An amount in the account's currency with its decimals, e.g. "9.99". */
export const Money = Type.String({ description: 'Decimal amount' })
/** An amount where the documents show a JSON number: catalogue prices, totals of one invoice. */
export const Amount = Type.Number({ description: "In the account's currency" })
/** `YYYY-MM-DD HH:MM:SS` in the brand's time zone; unset is `0000-00-00 00:00:00`. */
export const DateTime = Type.String({ description: 'YYYY-MM-DD HH:MM:SS' })
/** `YYYY-MM-DD`; unset is `0000-00-00`. */
export const Day = Type.String({ description: 'YYYY-MM-DD' })
/** "0" or "1". */
export const Flag = Type.Union([Type.Literal('0'), Type.Literal('1')])
/** Messages for people: stable keys, each alone or with its arguments. `documented` flattens them, `recorded` nests. */
export const Info = Type.Array(Type.Union([Type.String(), Type.Array(Type.String())]), {
  description: 'Language keys, a key with arguments as a list',
})
/** One message of {@link Info}: a key, or a key with its arguments. */
export type InfoMessage = string | string[]
/** `success: true` where the documents show it on a read too; the server adds it to every mutation by itself. */
export const SuccessTrue = Type.Literal(true)
/** `status: true`, which some operations answer besides `success`. */
export const StatusTrue = Type.Literal(true)

/** Bytes inside JSON. */
export const Base64 = Type.String({ description: 'Base64' })

/** What a {@link DateTime} that was never set shows. */
export const unsetDateTime = '0000-00-00 00:00:00'
/** What a {@link Day} that was never set shows. */
export const unsetDay = '0000-00-00'

/** Paging, accepted by every list (docs: additive; without `page` the whole list is answered). */
export const paging = {
  page: Type.Optional(InInteger(0, 1_000_000, 'Page, from 0; without it the whole list')),
  perpage: Type.Optional(InInteger(1, 1000, 'Rows a page, 25 unless told')),
}
/** Which page a list is, from 0, and how many there are; absent where the whole list was asked for. */
export const Page = Type.Object({ current: Type.Integer(), total: Type.Integer() })
