import { Type } from 'typebox'
import { InInteger, OneOf } from '../wire.ts'
import { staffRoles } from './roles.ts'

/** A moment, ISO 8601 in UTC. */
export const Moment = Type.String({ description: 'ISO 8601, UTC' })
/** A moment that may not have come. */
export const MomentOrNull = Type.Union([Type.String(), Type.Null()], { description: 'ISO 8601, UTC' })
/** A day of the brand's time zone. */
export const PlainDay = Type.String({ description: 'YYYY-MM-DD' })
/** An amount with the decimals of its currency, which stands beside it: `9.99`. */
export const DecimalAmount = Type.String({ description: 'Decimal amount' })
/** ISO 4217. */
export const Currency = Type.String({ description: 'ISO 4217' })
/** A text that may be absent. */
export const TextOrNull = Type.Union([Type.String(), Type.Null()])
/** An id that may be absent. */
export const IdOrNull = Type.Union([Type.String(), Type.Null()], { description: 'Id' })
/** A role in the staff. */
export const Role = OneOf<['owner', 'billing', 'support', 'readonly']>([...staffRoles])

/** A day as sent. */
export function InDay(description?: string) {
  return Type.String({
    pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
    description: description ?? 'YYYY-MM-DD',
  })
}
/** A moment as sent: ISO 8601, with an offset or in UTC. */
export function InMoment(description: string) {
  return Type.String({ maxLength: 40, description: `${description}, ISO 8601` })
}
/** An amount as sent: `9.99`, as text or number, more than 0. */
export function InDecimal(description?: string) {
  return Type.String({
    pattern: '^\\d{1,15}(\\.\\d{1,3})?$',
    description: description ?? 'Decimal amount in the currency of the client',
  })
}

/**
 * How lists are read on: newest first, the rows after one that was seen. Unlike with numbered pages, the millionth row
 * costs what the first does, and rows that are added meanwhile shift nothing.
 */
export const listing = {
  before: Type.Optional(
    Type.String({ pattern: '^[1-9][0-9]{0,17}$', description: '`next` of the answer before; without it the newest' }),
  ),
  perpage: Type.Optional(InInteger(1, 500, 'Rows an answer, 50 unless told')),
}
/** What to send as `before` for the rows that follow; null after the last. */
export const Next = Type.Union([Type.String(), Type.Null()], { description: 'To be sent as `before`; null at the end' })

/** What a client chose about a product, in the words of its form. */
export const Choices = Type.Array(
  Type.Object({
    field: Type.String(),
    item: Type.String(),
    quantity: Type.Union([Type.Integer(), Type.Null()], { description: 'Null for a text' }),
    text: TextOrNull,
  }),
)
