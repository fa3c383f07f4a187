import { loginByEmail } from '../modules/accounts/index.ts'
import { audit } from '../modules/audit/index.ts'
import { ensureProduct, insertService } from '../modules/services/index.ts'
import { asOperator } from '../operator.ts'
import { type Command, UsageError } from './command.ts'
import { withApp } from './with-app.ts'

export const serviceAdd: Command = {
  usage: 'service add --email E [--product NAME] [--zones N]',
  summary: 'Gives an account a service with DNS',
  flags: { email: 'value', product: 'value', zones: 'value', label: 'value' },
  async run(call) {
    const { email, product = 'DNS hosting', zones, label = '' } = call.flags
    if (typeof email !== 'string') throw new UsageError('service add needs --email')
    if (zones !== undefined && !/^\d{1,6}$/.test(String(zones))) throw new UsageError('--zones takes a number')
    return withApp(call, async app => {
      const serviceId = await asOperator(app, async ctx => {
        const login = await loginByEmail(ctx.db, email.trim().toLowerCase())
        if (login === undefined) throw new UsageError(`nobody signs in as ${email}`)
        const tx = await ctx.begin()
        const limit = zones === undefined ? undefined : Number(zones)
        const productId = await ensureProduct(tx, { name: String(product), features: ['dns'] })
        const id = await insertService(tx, login.account_id, productId, String(label), ctx.clock.now(), limit)
        const accountId = login.account_id
        await audit(ctx, tx, {
          event: 'service.add',
          description: `Service ${id} added`,
          detail: { product },
          accountId,
        })
        return id
      })
      process.stdout.write(`${JSON.stringify({ service_id: serviceId })}\n`)
    })
  },
}
