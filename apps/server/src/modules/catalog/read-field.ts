import type { FieldConfig } from './configuration.ts'
import type { OfferedField, OfferedItem } from './offer.ts'
import { branches, readSwitch, wholeNumber } from './tree.ts'

type Answer = FieldConfig | 'field_empty_error' | 'field_format_error'

/** What was sent for a field, as the wire has it: `value` alone, or a value by item. */
interface Sent {
  readonly field: OfferedField
  /** Those that can be had now. */
  readonly items: readonly OfferedItem[]
  readonly value: unknown
}

/** Reads one field of a form. An empty configuration: nothing is chosen, and nothing had to be. */
export function readField(field: OfferedField, items: readonly OfferedItem[], value: unknown): Answer {
  if (value === undefined || value === null) return withoutAnswer(field, items)
  const chosen = readers[field.type]({ field, items, value })
  if (typeof chosen === 'string' || Object.keys(chosen).length > 0) return chosen
  return field.required ? 'field_empty_error' : chosen
}

/** What holds for a field that an order leaves out. */
function withoutAnswer(field: OfferedField, items: readonly OfferedItem[]): Answer {
  return presetOf(field, items) ?? (field.required ? 'field_empty_error' : {})
}

/** What is chosen unless the order says otherwise. */
export function presetOf(
  field: OfferedField,
  items: readonly OfferedItem[],
): Readonly<Record<string, number>> | undefined {
  const counts = field.type === 'qty' || field.type === 'slider'
  const item = counts ? items[0] : items.find(each => each.selected && !each.retired)
  const quantity = counts ? field.minimum : 1
  return item === undefined || quantity === 0 ? undefined : { [item.id]: quantity }
}

const readers: Readonly<Record<OfferedField['type'], (sent: Sent) => Answer>> = {
  select: readOneOf,
  radio: readOneOf,
  checkbox: readCheckbox,
  qty: readQuantity,
  slider: readQuantity,
  input: sent => readText(sent, /^[^\p{Cc}\p{Surrogate}]{0,255}$/u),
  textarea: sent => readText(sent, /^(?:[^\p{Cc}\p{Surrogate}]|[\t\r\n]){0,5000}$/u),
}

/** `custom[field]=item`, or `custom[field][item]=1` for one of them; a 0 beside it is an item not chosen. */
function readOneOf({ items, value }: Sent): Answer {
  const quantities =
    typeof value === 'object' ? branches(value) : value === '' ? [] : [[String(value).trim(), 1] as const]
  const chosen: string[] = []
  for (const [id, sent] of quantities ?? []) {
    const quantity = sent === '' ? 0 : wholeNumber(sent)
    if (quantity === undefined || quantity > 1 || !items.some(item => item.id === id)) return 'field_format_error'
    if (quantity === 1) chosen.push(id)
  }
  const [id] = chosen
  if (chosen.length > 1) return 'field_format_error'
  return id === undefined ? {} : { [id]: 1 }
}

/** On and off in every form, or the id of its item for on. */
function readCheckbox(sent: Sent): Answer {
  const [item] = sent.items
  const value = onlyValue(sent)
  if (item === undefined || value === undefined) return 'field_format_error'
  const on = readSwitch(value, item.id)
  if (on === undefined) return 'field_format_error'
  return on ? { [item.id]: 1 } : {}
}

function readQuantity(sent: Sent): Answer {
  const { minimum, maximum, step } = sent.field
  const [item] = sent.items
  const value = onlyValue(sent)
  if (value === '') return withoutAnswer(sent.field, sent.items)
  const quantity = typeof value === 'boolean' ? undefined : wholeNumber(value)
  if (item === undefined || quantity === undefined) return 'field_format_error'
  if (quantity < minimum || quantity > (maximum ?? Infinity)) return 'field_format_error'
  if ((quantity - minimum) % step !== 0) return 'field_format_error'
  return quantity === 0 ? {} : { [item.id]: quantity }
}

function readText(sent: Sent, allowed: RegExp): Answer {
  const [item] = sent.items
  const value = onlyValue(sent)
  const text = typeof value === 'number' ? String(value) : value
  if (item === undefined || typeof text !== 'string' || !allowed.test(text)) return 'field_format_error'
  return text.trim() === '' ? {} : { [item.id]: text.trim() }
}

/** The value of a field with one item, sent alone or under that item. Undefined: under another, or several. */
function onlyValue({ items, value }: Sent): unknown {
  if (typeof value !== 'object') return value
  const entries = branches(value) ?? []
  const [first] = entries
  if (first === undefined) return ''
  return entries.length === 1 && first[0] === items[0]?.id ? first[1] : undefined
}
