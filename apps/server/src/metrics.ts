import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What the process counts, in Prometheus' terms. Parts of the program register their own metrics in `registry`. */
export interface Metrics {
  readonly registry: Registry
  /** One answered request of an operation; `operation` is '' for paths that are none. */
  request(operation: string, method: string, status: number, seconds: number): void
  /** Shows how busy a connection pool is, read whenever somebody looks. */
  watchPool(name: string, pool: PoolState): void
}

export interface PoolState {
  readonly totalCount: number
  readonly idleCount: number
  readonly waitingCount: number
}

/** `ofProcess`: also memory, CPU and event loop lag, which only the process itself should register. */
export function createMetrics({ ofProcess }: { readonly ofProcess: boolean }): Metrics {
  const registry = new Registry()
  if (ofProcess) collectDefaultMetrics({ register: registry })
  const labelNames = ['operation', 'method', 'status'] as const
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Answered requests by operation',
    labelNames,
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'http_request_seconds',
    help: 'Time from the first byte of a request to the last of its answer',
    labelNames: ['operation'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  })
  const series = new Map<string, { readonly count: Counter.Internal; readonly time: Histogram.Internal<'operation'> }>()
  const pools = new Map<string, PoolState>()
  new Gauge({
    name: 'db_pool_connections',
    help: 'Connections of a pool: in use, idle, and callers that wait for one',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect() {
      for (const [pool, { totalCount, idleCount, waitingCount }] of pools) {
        this.set({ pool, state: 'used' }, totalCount - idleCount)
        this.set({ pool, state: 'idle' }, idleCount)
        this.set({ pool, state: 'waiting' }, waitingCount)
      }
    },
  })
  return {
    registry,
    request(operation, method, status, duration) {
      const key = `${operation} ${method} ${status}`
      let known = series.get(key)
      if (known === undefined) {
        // The look-up by labels costs more than the counting.
        known = { count: requests.labels({ operation, method, status }), time: seconds.labels({ operation }) }
        series.set(key, known)
      }
      known.count.inc()
      known.time.observe(duration)
    },
    watchPool: (name, pool) => void pools.set(name, pool),
  }
}
