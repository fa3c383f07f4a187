import { readFile } from 'node:fs/promises'
import { DriverError } from '@innkeeper/drivers'
import { importStatement } from '../modules/payments/index.ts'
import { asOperator } from '../operator.ts'
import { Refusal } from '../refusal.ts'
import { type Command, UsageError } from './command.ts'
import { withApp } from './with-app.ts'

export const bankImport: Command = {
  usage: 'bank import FILE [--method KEY]',
  summary: 'Reads a bank statement (CSV or camt.053) and books what it pays; repeating it is harmless',
  flags: { method: 'value' },
  async run(call) {
    const [path, ...rest] = call.argv
    if (path === undefined || path.startsWith('--')) throw new UsageError('bank import needs a FILE')
    const file = await readFile(path).catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`${path} cannot be read (${error.code})`)
    })
    const { method } = call.flags
    return withApp({ ...call, argv: rest }, async app => {
      const entries = await asOperator(app, ctx => importStatement(ctx, file, method as string | undefined)).catch(
        error => {
          if (error instanceof DriverError) throw new UsageError(refused(path, error))
          if (error instanceof Refusal && error.detail.fields?.method !== undefined) throw new UsageError(whichMethod)
          throw error
        },
      )
      for (const entry of entries) process.stdout.write(`${JSON.stringify(entry)}\n`)
      const count = (state: string) => entries.filter(entry => entry.state === state).length
      const states = ['matched', 'unmatched', 'ignored', 'known'].map(state => `${count(state)} ${state}`)
      process.stdout.write(`${entries.length} transactions: ${states.join(', ')}\n`)
    })
  },
}

/** A line for each fault of the file. */
function refused(path: string, { message }: DriverError): string {
  return message
    .split('\n')
    .map(line => `${path}: ${line}`)
    .join('\n')
}

const whichMethod = 'name one of your payment methods of the driver bank with --method KEY; the catalogue brings them'
