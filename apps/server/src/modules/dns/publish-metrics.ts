import type { DriverError } from '@innkeeper/drivers'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** What an operator watches of a name server: how far it lags, how much waits, what fails. */
export interface PublishMetrics {
  /** `lagSeconds`: from the beginning of the change to the name server's answer. */
  published(lagSeconds: number): void
  failed(kind: DriverError['kind']): void
}

export function publishMetrics(registry: Registry, server: string, waiting: () => number): PublishMetrics {
  const lag = registered(registry, 'dns_publish_lag_seconds', name => {
    const help = 'Time from a change of a zone until the name server answers with it'
    const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60]
    return new Histogram({ name, help, buckets, labelNames: ['server'], registers: [registry] })
  })
  const failures = registered(registry, 'dns_publish_failures_total', name => {
    const help = 'Zones that a name server did not take, by the kind of failure'
    return new Counter({ name, help, labelNames: ['server', 'kind'], registers: [registry] })
  })
  const queues = registered(registry, 'dns_publish_waiting', name => {
    const sizes = new Map<string, () => number>()
    const gauge = new Gauge({
      name,
      help: 'Zones that wait to be published',
      labelNames: ['server'],
      registers: [registry],
      collect() {
        for (const [label, size] of sizes) this.set({ server: label }, size())
      },
    })
    return Object.assign(gauge, { sizes })
  })
  queues.sizes.set(server, waiting)
  return {
    published: seconds => lag.observe({ server }, Math.max(seconds, 0)),
    failed: kind => failures.inc({ server, kind }),
  }
}

/** A process may follow several servers; a registry takes a name once. */
function registered<M>(registry: Registry, name: string, create: (name: string) => M): M {
  const known = registry.getSingleMetric(name)
  return known === undefined ? create(name) : (known as M) // the one that was created below this name
}
