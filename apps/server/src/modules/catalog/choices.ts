import type { Charge, Cycle } from '@innkeeper/money'
import { chargeOf, isOfferedIn, itemsOfferedIn } from './charges.ts'
import type { Config, FieldConfig } from './configuration.ts'
import type { OfferedField, OfferedItem, ProductOffer } from './offer.ts'
import { readField } from './read-field.ts'
import { branches } from './tree.ts'
import { refuseWrong, type WrongFields } from './wrong-fields.ts'

export interface Choices {
  readonly config: Config
  readonly charges: readonly Charge[]
}

/** What was chosen about a service before. */
export interface Had {
  /** About this product: what is not sent stays as it is, even where it is retired, or beyond the limits of today. */
  readonly present?: Config
  /** About another, in the fields of this one: it counts as sent, within this one's limits. */
  readonly carried?: Config
}

/**
 * Reads `custom` of an order against the form of the product, with the defaults of what is not sent. All that is wrong is
 * refused at once, by the names of the fields: `custom[118]`.
 */
export function readChoices(
  product: ProductOffer,
  custom: unknown,
  cycle: Cycle,
  { present, carried = {} }: Had = {},
): Choices {
  const wrong: WrongFields = new Map()
  const sent = branches(custom)
  if (sent === undefined) wrong.set('custom', 'field_format_error')
  const byField = new Map<string, unknown>([...Object.entries(carried), ...(sent ?? [])])
  const config: Record<string, FieldConfig> = {}
  for (const field of product.form) {
    const kept = present?.[field.id]
    if (field.retired && kept === undefined) continue
    const value = byField.get(field.id)
    byField.delete(field.id)
    const offered = itemsOfferedIn(field, cycle, kept)
    const chosen =
      value === undefined && kept !== undefined ? stillOffered(offered, kept) : readField(field, offered, value)
    if (typeof chosen === 'string') wrong.set(`custom[${field.id}]`, chosen)
    else if (Object.keys(chosen).length > 0) config[field.id] = chosen
  }
  for (const stranger of byField.keys()) wrong.set(`custom[${stranger}]`, 'field_format_error')
  refuseWrong(wrong)
  return { config, charges: configCharges(product, config, cycle) }
}

function stillOffered(offered: readonly OfferedItem[], kept: FieldConfig): FieldConfig | 'field_format_error' {
  return Object.keys(kept).every(id => offered.some(item => item.id === id)) ? kept : 'field_format_error'
}

/** What a configuration costs in a cycle. Items that the cycle or the currency does not have cost nothing. */
export function configCharges(product: ProductOffer, config: Config, cycle: Cycle): Charge[] {
  return product.form.flatMap(field =>
    field.items.flatMap(item => {
      const chosen = config[field.id]?.[item.id]
      if (chosen === undefined || !isOfferedIn(item, cycle)) return []
      return [chargeOf(labelOf(field, item), item, cycle, typeof chosen === 'number' ? chosen : 1)]
    }),
  )
}

function labelOf(field: OfferedField, item: OfferedItem): string {
  return field.type === 'select' || field.type === 'radio' ? `${field.title}: ${item.title}` : field.title
}
