import { invalid } from './store.ts'

/** The fields of a request, which refuses at the end what nobody asked for, as Stripe does. */
export interface Form {
  text(name: string): string
  optional(name: string): string | undefined
  number(name: string): number | undefined
  /** All fields below a name: `metadata[a]=1` is `{ a: '1' }`. */
  tree(name: string): Record<string, string>
  expand(): string[]
  /** Throws where there is a field that was not read. */
  done(): void
}

export function readForm(text: string): Form {
  const fields = new Map(new URLSearchParams(text))
  const unread = new Set(fields.keys())
  const optional = (name: string) => {
    unread.delete(name)
    return fields.get(name)
  }
  const below = (name: string) => [...fields.keys()].filter(key => key.startsWith(`${name}[`))
  return {
    optional,
    text(name) {
      const value = optional(name)
      if (value === undefined || value === '') throw invalid('parameter_missing', `Missing required param: ${name}.`)
      return value
    },
    number(name) {
      const value = optional(name)
      return value === undefined ? undefined : Number(value)
    },
    tree: name =>
      Object.fromEntries(below(name).map(key => [key.slice(name.length + 1, -1), optional(key) ?? ''] as const)),
    expand: () => below('expand').flatMap(key => optional(key) ?? []),
    done() {
      const [name] = unread
      if (name !== undefined) throw invalid('parameter_unknown', `Received unknown parameter: ${name}`)
    },
  }
}
