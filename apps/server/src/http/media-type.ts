import type { ReplyFile } from '@innkeeper/contract'

/** A range of media types out of an Accept header: `image/*;q=0.5`. */
interface Range {
  readonly type: string
  readonly quality: number
}

const json = 'application/json'

/**
 * Which of the media types an operation offers besides JSON a client wants (RFC 9110 §12.5.1); undefined: JSON. That is
 * what clients get who do not care: a file is for those who name its type, or want it more.
 */
export function wantedType(accept: string | undefined, offered: readonly string[]): string | undefined {
  if (accept === undefined || offered.length === 0) return undefined
  const ranges = accept.split(',').flatMap(readRange)
  const rank = (type: string) => {
    const matching = ranges.filter(range => covers(range.type, type)).map(({ type: by, quality }) => ({ quality, by }))
    // The range that says most about the type decides; then a type that is named goes before one that is only covered.
    const [best] = matching.sort((a, b) => precision(b.by) - precision(a.by))
    return best === undefined || best.quality === 0 ? 0 : best.quality * 10 + precision(best.by)
  }
  const [first] = offered.map(type => ({ type, rank: rank(type) })).sort((a, b) => b.rank - a.rank)
  return first !== undefined && first.rank > rank(json) ? first.type : undefined
}

function readRange(text: string): Range[] {
  const [type = '', ...parameters] = text.split(';').map(part => part.trim().toLowerCase())
  if (!/^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+$/.test(type)) return []
  const q = parameters.find(parameter => parameter.startsWith('q='))?.slice(2)
  const quality = q === undefined ? 1 : Number(q)
  return quality >= 0 && quality <= 1 ? [{ type, quality }] : []
}

function covers(range: string, type: string): boolean {
  return range === type || range === '*/*' || range === `${type.split('/')[0]}/*`
}

function precision(range: string): number {
  return range === '*/*' ? 0 : range.endsWith('/*') ? 1 : 2
}

/** The file out of an answer that is written already; undefined where it has none. */
export function fileOf(body: string, file: ReplyFile): { readonly content: Buffer; readonly name: string } | undefined {
  const answer = JSON.parse(body) as Readonly<Record<string, unknown>> // our own answers are objects
  const content = answer[file.content]
  if (typeof content !== 'string') return undefined
  const name = file.name === undefined ? undefined : answer[file.name]
  return {
    content: Buffer.from(content, file.encoding === 'base64' ? 'base64' : 'utf8'),
    // Quotes, slashes and what headers cannot hold have no place in it.
    name: typeof name === 'string' ? name.replaceAll(/[^\w.-]+/g, '-') : '',
  }
}
