import { Type } from 'typebox'
import { Amount, Day, Id } from '../wire.ts'

/** A choice of a form field. */
const FormItem = Type.Object({
  title: Type.String(),
  value: Type.Integer({ description: 'Quantity the choice stands for' }),
  id: Type.Integer(),
  price: Amount,
  setup: Amount,
  selected: Type.Boolean(),
})

/** The day a first, shorter period ends; null when nothing is prorated. */
export const ProrataDate = Type.Union([Day, Type.Null()])

/** One field of the form that configures what is ordered. It is sent back under `name`. */
export const FormField = Type.Object({
  type: Type.String({ description: 'select, radio, checkbox, input, qty, slider, or a type of the product module' }),
  title: Type.String(),
  id: Id,
  firstItemId: Type.Integer({ description: 'Id of the first choice' }),
  description: Type.String(),
  name: Type.String({ description: 'Name of the order field: custom[id] or custom[id][choice]' }),
  required: Type.Boolean(),
  multiple: Type.Boolean(),
  config: Type.Object({
    enableddefault: Type.Optional(Type.Integer()),
    conditionals: Type.Optional(Type.Array(Type.Unknown())),
    minvalue: Type.Optional(Type.Integer({ description: 'Least quantity of a qty or slider' })),
    maxvalue: Type.Optional(Type.Integer({ description: 'Greatest quantity; absent for no limit' })),
    step: Type.Optional(Type.Integer({ description: 'Quantities are `minvalue` and so many more' })),
  }),
  value: Type.Array(Type.Union([Type.String(), Type.Number()])),
  textvalue: Type.Array(Type.String()),
  price: Amount,
  recurring_price: Amount,
  setup: Amount,
  prorata_date: ProrataDate,
  items: Type.Array(FormItem),
})

/** What every field of an example form shows while nothing is chosen. */
export const exampleUntouched = {
  description: '',
  required: false,
  multiple: false,
  value: [],
  textvalue: [],
  price: 0,
  recurring_price: 0,
  setup: 0,
  prorata_date: null,
}

/** An example choice; `value` 1 stands for one of it. */
export function exampleChoice(id: number, title: string, price: number) {
  return { title, value: 1, id, price, setup: 0, selected: false }
}
