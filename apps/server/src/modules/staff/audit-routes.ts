import type { StaffModuleHandlers } from '../../http/implement.ts'
import { auditTrail } from '../audit/index.ts'
import { auditMoney } from '../billing/index.ts'
import { pageOf, sliceOf } from './listing.ts'
import { readMoment } from './wire.ts'

export const auditHandlers: StaffModuleHandlers<'audit'> = {
  async listAudit(ctx, input) {
    const slice = sliceOf(input)
    const { client_id: accountId, staff_id: staffId, event, actor, request_id: requestId } = input
    const from = readMoment('from', input.from)
    const until = readMoment('until', input.until)
    const rows = await auditTrail(ctx.db, { accountId, staffId, event, actor, requestId, from, until }, slice)
    const { shown, next } = pageOf(rows, slice)
    return {
      audit: shown.map(row => ({
        id: row.id,
        at: row.at.toISOString(),
        event: row.event,
        description: row.description,
        detail: row.detail,
        client_id: row.account_id,
        staff_id: row.staff_id,
        actor: row.actor,
        address: row.address,
        request_id: row.request_id,
      })),
      next,
    }
  },
  async auditMoney(ctx) {
    const findings = await auditMoney(ctx.db)
    return {
      findings: findings.map(({ check, id, what, accountId }) => ({ check, id, what, client_id: accountId })),
      sound: findings.length === 0,
    }
  },
}
