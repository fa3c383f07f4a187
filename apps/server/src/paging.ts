/** What a list operation was asked for; without `page` the whole list. */
export interface PageRequest {
  readonly page?: number
  readonly perpage?: number
}

export interface Slice {
  readonly limit: number
  readonly offset: number
}

const rowsUnlessTold = 25

/** The rows of the page asked for; undefined: all of them, never a silent cut. */
export function sliceOf(request: PageRequest): Slice | undefined {
  if (request.page === undefined && request.perpage === undefined) return undefined
  const limit = request.perpage ?? rowsUnlessTold
  return { limit, offset: (request.page ?? 0) * limit }
}

/** The `page` key of the answer: which page this is, and how many there are. Absent where no page was asked for. */
export function pageOf(request: PageRequest, totalRows: number): { page?: { current: number; total: number } } {
  const slice = sliceOf(request)
  if (slice === undefined) return {}
  return { page: { current: request.page ?? 0, total: Math.ceil(totalRows / slice.limit) } }
}
