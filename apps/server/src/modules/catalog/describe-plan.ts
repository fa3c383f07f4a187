import type { Change, Plan } from './plan.ts'

const signs: Readonly<Record<Change['what'], string>> = { add: '+', change: '~', retire: '-', remove: '-' }

/**
 * A plan as people review it, a line for each change. What comes with a new thing is counted, and so is what merely stands
 * at another place of a list, so that a change of a price is not lost among them.
 */
export function describePlan({ changes }: Plan): string[] {
  if (changes.length === 0) return ['Nothing changes.']
  const added = new Set(changes.filter(({ what }) => what === 'add').map(({ path }) => path))
  const within = new Map<string, number>()
  const lines: Change[] = []
  let moved = 0
  for (const change of changes) {
    const owner = change.what === 'add' ? ownerOf(change.path, added) : undefined
    if (owner !== undefined) within.set(owner, (within.get(owner) ?? 0) + 1)
    else if (isMoved(change)) moved++
    else lines.push(change)
  }
  return [
    ...lines.map(change => lineOf(change, within.get(change.path) ?? 0)),
    ...(moved === 0 ? [] : [`~ the order of ${moved} more`]),
  ]
}

/** The outermost new thing that this one belongs to. */
function ownerOf(path: string, added: ReadonlySet<string>): string | undefined {
  const keys = path.split('/')
  for (let length = 1; length < keys.length; length++) {
    const owner = keys.slice(0, length).join('/')
    if (added.has(owner)) return owner
  }
  return undefined
}

function isMoved({ what, fields }: Change): boolean {
  return what === 'change' && fields.every(({ name }) => name === 'position')
}

function lineOf({ what, path, name, fields }: Change, more: number): string {
  const title = name === '' ? '' : ` "${name}"`
  const changed = fields.filter(field => field.name !== 'position')
  if (what === 'change')
    return `~ ${path}  ${changed.map(({ name, from, to }) => `${name} ${from} → ${to}`).join(', ')}`
  // What stands for itself has a name; the rest is known by its figures: a price, a rate of tax.
  const figures =
    name === ''
      ? changed
          .filter(says)
          .map(field => ` ${field.name} ${field.to}`)
          .join(',')
      : ''
  const rest = what === 'add' ? `${figures}${more === 0 ? '' : ` with ${more} more`}` : ` ${what}d`
  return `${signs[what]} ${path} ${title}${rest}`
}

/** Not what holds of most things. */
function says({ to }: { readonly to: string }): boolean {
  return !['none', 'false', '[]', '{}'].includes(to)
}
