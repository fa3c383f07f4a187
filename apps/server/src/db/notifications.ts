import pg from 'pg'

/** PostgreSQL LISTEN/NOTIFY for this process: how nodes hear of each other's changes at once. */
export interface Notifications {
  /** Calls back for each notification on the channel. */
  listen(channel: Channel, handler: (payload: string) => void): Promise<void>
  /**
   * Calls back whenever notifications may have been missed: at every reconnect, and when the connection breaks.
   * Whoever keeps state that notifications keep fresh drops it then.
   */
  onGap(handler: () => void): void
  /** Calls this process's own handlers at once, without the way through PostgreSQL; they hear of it again by that way. */
  deliver(channel: Channel, payload: string): void
  /** False while the connection is down: cached state must not be trusted. */
  connected(): boolean
  close(): Promise<void>
}

/** The channels there are. `auth`: payload says which cached identity is stale. `dns`: a zone changed. */
export type Channel = 'auth' | 'dns'

/** Connects, and reconnects by itself. */
export async function openNotifications(connection: pg.ClientConfig): Promise<Notifications> {
  const handlers = new Map<string, ((payload: string) => void)[]>()
  const gapHandlers: (() => void)[] = []
  let client: pg.Client | undefined
  let closed = false

  function deliver(channel: string, payload: string): void {
    for (const handler of handlers.get(channel) ?? []) handler(payload)
  }
  async function connect(): Promise<void> {
    const next = new pg.Client(connection)
    next.on('notification', ({ channel, payload }) => {
      deliver(channel, payload ?? '')
    })
    next.on('error', () => {}) // 'end' follows
    next.on('end', () => {
      if (client !== next) return
      client = undefined
      for (const handler of gapHandlers) handler()
      if (!closed) retry()
    })
    await next.connect()
    for (const channel of handlers.keys()) await next.query(`listen ${pg.escapeIdentifier(channel)}`)
    client = next
    for (const handler of gapHandlers) handler()
  }
  function retry(): void {
    const timer = setTimeout(() => {
      if (!closed) connect().catch(retry)
    }, 250)
    timer.unref()
  }

  await connect()
  return {
    async listen(channel, handler) {
      const known = handlers.get(channel)
      if (known === undefined) {
        handlers.set(channel, [handler])
        await client?.query(`listen ${pg.escapeIdentifier(channel)}`)
      } else known.push(handler)
    },
    deliver,
    onGap: handler => void gapHandlers.push(handler),
    connected: () => client !== undefined,
    async close() {
      closed = true
      await client?.end()
    },
  }
}
