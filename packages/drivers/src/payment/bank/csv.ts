import { badStatement } from './statement.ts'

/** The rows of a CSV text (RFC 4180, with any delimiter): fields in quotes hold delimiters, quotes and line breaks. */
export function csvRows(text: string, delimiter: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let field = ''
  let quoted = false
  const endField = () => {
    row.push(field)
    field = ''
  }
  const endRow = () => {
    endField()
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? ''
    if (quoted) {
      if (sign !== '"') field += sign
      else if (text[at + 1] === '"') field += text[++at]
      else quoted = false
    } else if (sign === '"' && field === '') quoted = true
    else if (sign === delimiter) endField()
    else if (sign === '\n') endRow()
    else if (sign !== '\r') field += sign
  }
  if (quoted) throw badStatement(`a quote is opened in row ${rows.length + 1} and never closed`)
  endRow()
  return rows
}
