/** What to say of words that call no command: in one line, with the commands that may have been meant. */
export function noSuchCommand(words: readonly string[], names: readonly string[]): string {
  const end = words.findIndex(word => word.startsWith('-'))
  const said = words.slice(0, end === -1 ? 2 : Math.min(end, 2))
  const typed = said.join(' ') || (words[0] ?? '')
  const meant = names.filter(name => name.startsWith(`${said[0]} `))
  const close = meant.length > 0 ? meant : nearest([typed, said[0] ?? ''], names)
  const hint = close.length > 0 ? `did you mean ${close.map(name => `"${name}"`).join(' or ')}? ` : ''
  return `there is no command "${typed}"; ${hint}"innkeeper help" lists them`
}

/** The names that are at most two letters away from what was typed, the nearest alone. */
function nearest(typed: readonly string[], names: readonly string[]): string[] {
  const distances = names.map(name => Math.min(...typed.map(each => distance(each, name))))
  const least = Math.min(...distances)
  return names.filter((name, index) => distances[index] === least && least <= Math.min(2, name.length / 2))
}

/** Of Levenshtein: how many letters have to be put in, left out or replaced. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [at, letter] of [...a].entries()) {
    const next = [at + 1]
    for (const [index, other] of [...b].entries()) {
      const replaced = (row[index] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
