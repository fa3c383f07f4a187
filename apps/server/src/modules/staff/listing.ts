const rowsUnlessTold = 50

/** Which rows of a list are asked for; one more than is shown, which tells whether there are others. */
export interface Slice {
  readonly before: string | undefined
  readonly limit: number
}

interface ListRequest {
  readonly before?: string | undefined
  readonly perpage?: number | undefined
}

export function sliceOf({ before, perpage = rowsUnlessTold }: ListRequest): Slice {
  return { before, limit: perpage + 1 }
}

/** The rows to show, and what to send as `before` for the rest. */
export function pageOf<Row extends { readonly id: string }>(
  rows: readonly Row[],
  { limit }: Slice,
): { readonly shown: readonly Row[]; readonly next: string | null } {
  if (rows.length < limit) return { shown: rows, next: null }
  const shown = rows.slice(0, -1)
  return { shown, next: shown.at(-1)?.id ?? null }
}

/** A condition of SQL with `?` for its value. One whose value is undefined does not hold anything back. */
export type Condition = readonly [text: string, value: unknown]

/**
 * The conditions that are set, joined, and their values as parameters. PostgreSQL plans for just these; for
 * `$1 is null or …` it could use no index.
 */
export function conditionsOf(conditions: readonly Condition[]): { where: string; parameters: unknown[] } {
  const set = conditions.filter(([, value]) => value !== undefined)
  const texts = set.map(([text], index) => text.replaceAll('?', `$${index + 1}`))
  return { where: texts.join(' and ') || 'true', parameters: set.map(([, value]) => value) }
}
