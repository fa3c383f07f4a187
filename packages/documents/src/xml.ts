/** An element: its name, what is in it, and its attributes. */
export interface Xml {
  readonly name: string
  readonly content: string | readonly Xml[]
  readonly attributes: Readonly<Record<string, string>>
}
type Content = string | readonly (Xml | undefined)[]

/** An element. Undefined children are left out; an element with nothing in it is nothing itself: schemas forbid empty ones. */
export function xml(
  name: string,
  content: Content,
  attributes: Readonly<Record<string, string>> = {},
): Xml | undefined {
  const filled = typeof content === 'string' ? content.trim() : content.filter(child => child !== undefined)
  return filled.length === 0 ? undefined : { name, content: filled, attributes }
}

/** The document of a root element. */
export function xmlText(root: Xml): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write(root, '')}`
}

function write({ name, content, attributes }: Xml, indent: string): string {
  const open = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(value)}"`)].join(' ')
  if (typeof content === 'string') return `${indent}<${open}>${escaped(content)}</${name}>\n`
  return `${indent}<${open}>\n${content.map(child => write(child, `${indent}  `)).join('')}${indent}</${name}>\n`
}

// Characters that XML 1.0 cannot hold in whatever form (§2.2), and the other control characters.
const impossible = /[^\t\n\r\P{Cc}]|\p{Cs}|[\ufffe\uffff]/gu

/** Text as it stands in an element or an attribute. */
export function escaped(text: string): string {
  return text
    .replaceAll(impossible, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
