import type { App } from '../../context.ts'
import type { ModuleHandlers } from '../../http/implement.ts'
import { printer } from './printer.ts'

/** The one operation of billing that makes a file; the others are in the modules of their tables. */
export function documentHandlers(app: Pick<App, 'config' | 'log'>): Pick<ModuleHandlers<'billing'>, 'getInvoicePdf'> {
  const print = printer(app)
  return {
    async getInvoicePdf(ctx, { id }) {
      const { status, filename, pdf } = await print(ctx, ctx.identity.accountId, id)
      return { invoice: status, filename, pdf: Buffer.from(pdf).toString('base64') }
    },
  }
}
