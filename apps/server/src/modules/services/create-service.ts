import { anchorDayOf } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { unlessTaken } from '../../db/errors.ts'
import { Refusal } from '../../refusal.ts'
import type { NewBoughtService } from './bought.ts'
import { insertBoughtService, insertDomain } from './service-store.ts'

/** What the encrypted columns of a service are bound to. */
export const secretOf = { password: 'service.password', eppCode: 'domain.epp_code' } as const

/** Makes a service of what was ordered. It is pending until it is provisioned (provision-service.ts). */
export async function createService(ctx: Context, tx: Tx, bought: NewBoughtService): Promise<string> {
  const at = ctx.business.now()
  const anchorDay = bought.anchorDay ?? anchorDayOf(bought.startsAt, ctx.config.timeZone)
  const id = await insertBoughtService(tx, { ...bought, anchorDay }, at)
  if (bought.domain === undefined) return id
  const { eppCode, ...domain } = bought.domain
  const sealed = eppCode === undefined ? null : ctx.secrets.encrypt(secretOf.eppCode, eppCode)
  await unlessTaken(
    insertDomain(tx, { ...domain, serviceId: id, eppCode: sealed }),
    'domain_name',
    () => new Refusal('domain_already_exist'),
  )
  return id
}
