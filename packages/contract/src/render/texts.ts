import { errors } from '../errors.ts'
import type { Access, AnyOperation } from '../op.ts'
import { isPlanned } from './declared.ts'

/** spec/operations.txt: one line an operation, so that a change of the surface is a line in a review. */
export function operationsText(operations: readonly AnyOperation[]): string {
  const rows = operations.map(operation => [
    operation.method,
    operation.path,
    operation.id,
    accessText(operation.access),
    originText(operation),
    isPlanned(operation) ? 'planned' : '',
  ])
  const widths = [0, 1, 2, 3, 4].map(column => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  const lines = rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return `${lines.sort(byPath).join('\n')}\n`
}

function byPath(a: string, b: string): number {
  const [left, right] = [a, b].map(line => line.slice(line.indexOf('/')))
  return (left ?? a) < (right ?? b) ? -1 : 1
}

/** Which published documents have it. */
function originText({ id, documents }: AnyOperation): string {
  if (documents.length > 0) return [...documents].sort().join('')
  return id.startsWith('staff.') ? '' : 'extension'
}

function accessText(access: Access): string {
  switch (access.kind) {
    case 'public':
    case 'signed-in':
      return access.kind
    case 'area':
      return `${access.area}.${access.key}`
    case 'staff':
      return access.right ?? 'any'
    case 'object':
      return `${access.area}[${access.by}].${access.key}`
    case 'listed':
      return `${access.area}[*].${access.key}`
  }
}

/** spec/errors.md: the closed list of error codes as a table. */
export function errorsText(): string {
  const rows = Object.entries(errors).map(
    ([code, { status, meaning, remedy }]) => `| \`${code}\` | ${status} | ${meaning} | ${remedy} |`,
  )
  return [
    '# Error codes',
    '',
    'Every failure is `{"success":false,"error":["code", …]}`, with `fields` when the input was invalid. No other codes exist.',
    'Generated from packages/contract/src/errors.ts by `npm run spec`.',
    '',
    '| code | status | meaning | what you can do |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}
