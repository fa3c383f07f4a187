import { Gauge } from 'prom-client'
import type { Metrics } from '../../metrics.ts'
import { type MoneyFinding, moneyChecks } from './money-checks.ts'

const name = 'innkeeper_money_findings'

/** Shows how many things each check found the last time this process looked; all 0 is right. */
export function noteFindings({ registry }: Metrics, findings: readonly MoneyFinding[]): void {
  const gauge = (registry.getSingleMetric(name) as Gauge<'check'> | undefined) ?? newGauge(registry) // that of this name
  for (const check of moneyChecks.flatMap(({ names }) => names))
    gauge.set({ check }, findings.filter(finding => finding.check === check).length)
}

function newGauge(registry: Metrics['registry']): Gauge<'check'> {
  const help = 'Rows that do not add up, by check, as the last audit of the money found them'
  return new Gauge({ name, help, labelNames: ['check'], registers: [registry] })
}
