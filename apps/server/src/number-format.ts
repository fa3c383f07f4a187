/** One character of a number: these may stand there, and again if it repeats. */
interface Piece {
  readonly of: string
  readonly repeats: boolean
}

const digits = '0123456789'
const placeholder = /\{year\}|\{month\}|\{n(?::(\d{1,2}))?\}/g

/** Whether some document by one format could bear the number of one by the other. */
export function mayCollide(one: string, other: string): boolean {
  const [left, right] = [piecesOf(one), piecesOf(other)]
  const seen = new Set<string>()
  const waiting: [number, number][] = [[0, 0]]
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const [i, j] = at
    if (seen.has(`${i},${j}`)) continue
    seen.add(`${i},${j}`)
    const [a, b] = [left[i], right[j]]
    if (a === undefined && b === undefined) return true
    // What repeats may also not come at all.
    if (a?.repeats) waiting.push([i + 1, j])
    if (b?.repeats) waiting.push([i, j + 1])
    if (a === undefined || b === undefined || ![...a.of].some(character => b.of.includes(character))) continue
    waiting.push([a.repeats ? i : i + 1, b.repeats ? j : j + 1])
  }
  return false
}

/** What may stand where in the numbers of a format: a number is never shorter than its width, and may be longer. */
function piecesOf(format: string): Piece[] {
  const pieces: Piece[] = []
  const add = (of: string, times = 1) => pieces.push(...Array.from({ length: times }, () => ({ of, repeats: false })))
  let from = 0
  for (const { 0: found, 1: width = '1', index } of format.matchAll(placeholder)) {
    for (const character of format.slice(from, index)) add(character)
    from = index + found.length
    if (found === '{year}') add(digits, 4)
    else if (found === '{month}') pieces.push({ of: '01', repeats: false }, { of: digits, repeats: false })
    else {
      if (Number(width) > 1) add(digits, Number(width))
      else add('123456789')
      pieces.push({ of: digits, repeats: true })
    }
  }
  for (const character of format.slice(from)) add(character)
  return pieces
}
