import type { App } from '../../context.ts'
import { asSystem } from '../../operator.ts'
import { auditMoney } from './money-audit-store.ts'
import type { MoneyFinding } from './money-checks.ts'
import { noteFindings } from './money-metrics.ts'
import { parkAccount } from './park-account.ts'

/**
 * Audits all money and tells metrics and log; accounts that something is wrong with are not billed until somebody has
 * looked. One that cannot be parked stops no other; the first failure is thrown at the end.
 */
export async function watchMoney(app: App): Promise<MoneyFinding[]> {
  const findings = await auditMoney(app.db)
  noteFindings(app.metrics, findings)
  for (const finding of findings) app.log.error(finding, 'money does not add up')
  const reasons = new Map(findings.map(({ accountId, check, id, what }) => [accountId, `${check} ${id}: ${what}`]))
  const failures: unknown[] = []
  for (const [accountId, reason] of reasons) {
    if (accountId === null) continue
    await asSystem(app, async ctx => parkAccount(ctx, await ctx.begin(), accountId, reason)).catch((error: unknown) => {
      failures.push(error)
      app.log.error({ err: error, accountId }, 'an account whose money does not add up could not be parked')
    })
  }
  if (failures.length > 0) throw failures[0]
  return findings
}
