/** Something in a catalogue's file that cannot be: where, and why. */
export interface Problem {
  /** Keys from the top, with slashes: `products/web-m/prices/EUR/m`. */
  readonly path: string
  readonly reason: string
}

/** A file that cannot be imported, with all that is wrong with it. */
export class CatalogueError extends Error {
  override readonly name = 'CatalogueError'
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    super(problems.map(({ path, reason }) => (path === '' ? reason : `${path}: ${reason}`)).join('\n'))
    this.problems = problems
  }
}

/** A place in the file, and where problems are noted. */
export class Place {
  readonly path: string
  readonly problems: Problem[]
  constructor(path: string, problems: Problem[]) {
    this.path = path
    this.problems = problems
  }

  below(key: string): Place {
    return new Place(this.path === '' ? key : `${this.path}/${key}`, this.problems)
  }

  /** Notes a problem; the answer of the reader that found it. */
  wrong(reason: string): undefined {
    this.problems.push({ path: this.path, reason })
    return undefined
  }
}
