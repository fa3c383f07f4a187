interface Named {
  readonly kind: 'product' | 'addon' | 'domain'
  readonly title: string
  readonly name: string
}

/** What people call a service: what was bought, and its name where it has one. A domain is sold by its ending. */
export function nameOfService({ kind, title, name }: Named): string {
  return `${kind === 'domain' ? 'Domain' : title} ${name}`.trim()
}
