import { anchorDayOf } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { unlessTaken } from '../../db/errors.ts'
import { Refusal } from '../../refusal.ts'
import type { NewBoughtService } from './bought.ts'
import { insertBoughtServices } from './bought-store.ts'

/** What the encrypted columns of a service are bound to. */
export const secretOf = { password: 'service.password', eppCode: 'domain.epp_code' } as const

/**
 * Makes services of what was ordered, and gives their ids in the same order. They are pending until they are provisioned
 * (provision-service.ts).
 */
export async function createServices(
  ctx: Context,
  tx: Tx,
  bought: readonly NewBoughtService[],
): Promise<readonly string[]> {
  if (bought.length === 0) return []
  const rows = bought.map(each => {
    const eppCode = each.domain?.eppCode
    return {
      ...each,
      anchorDay: each.anchorDay ?? anchorDayOf(each.startsAt, ctx.config.timeZone),
      sealedEppCode: eppCode === undefined ? null : ctx.secrets.encrypt(secretOf.eppCode, eppCode),
    }
  })
  const inserted = insertBoughtServices(tx, rows, ctx.business.now())
  return await unlessTaken(inserted, 'domain_name', () => new Refusal('domain_already_exist'))
}
