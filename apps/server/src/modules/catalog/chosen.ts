import type { Config } from './configuration.ts'
import type { FieldType, ProductOffer } from './offer.ts'

/** Something that was chosen of a form. */
export interface Chosen {
  readonly type: FieldType
  readonly field: string
  readonly item: string
  /** A quantity, or a text. */
  readonly value: number | string
}

/** What a configuration has chosen, in the order of the form. */
export function chosenOf(product: ProductOffer, config: Config): Chosen[] {
  return product.form.flatMap(({ id, type, title, items }) =>
    items.flatMap(item => {
      const value = config[id]?.[item.id]
      return value === undefined ? [] : [{ type, field: title, item: item.title, value }]
    }),
  )
}

/** Each choice as documents name it. What was typed in may be a secret, and is no business of an accountant's. */
export function choiceNames(chosen: readonly Chosen[]): string[] {
  return chosen.flatMap(({ type, field, item, value }) => {
    if (type === 'select' || type === 'radio') return [`${field}: ${item}`]
    if (type === 'checkbox') return [field]
    return type === 'qty' || type === 'slider' ? [`${field}: ${value}`] : []
  })
}

/** Fifteen lines with that much to say still fit on a page. */
const longest = 150

/** The same on a line of a document; what is too much ends with a whole choice. Empty where nothing was chosen. */
export function choicesText(chosen: readonly Chosen[]): string {
  let text = ''
  for (const name of choiceNames(chosen)) {
    const more = text === '' ? name : `${text}; ${name}`
    if ([...more].length > longest) return text === '' ? `${[...name].slice(0, longest).join('')}…` : `${text}; …`
    text = more
  }
  return text
}
