import { code, table } from '../../kit/table.ts'
import { typeDescriptions } from './descriptions.ts'

/** The page of all record types that customers may write, spec/record-types.md. */
export function recordTypesText(): string {
  const rows = Object.entries(typeDescriptions).map(([type, { summary, example }]) => [type, summary, code(example)])
  return [
    '# Record types',
    '',
    'Generated from `packages/drivers/src/dns/records/descriptions.ts` by `npm run spec`. Contents are without the priority of',
    'MX and SRV, which is a field of its own.',
    '',
    ...table(['type', 'what it is for, and its content', 'an example'], rows),
  ].join('\n')
}
