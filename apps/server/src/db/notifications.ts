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
  /** False while the connection is down, or has been silent for a second: cached state must not be trusted. */
  connected(): boolean
  close(): Promise<void>
}

/** The channels there are. `auth`: payload says which cached identity is stale. `clock`: the business clock was moved. `dns`: a zone changed. */
export type Channel = 'auth' | 'clock' | 'dns'

/** A revocation is to hold on every node within a second, so a connection that is silent for longer counts as dead. */
const overdueMilliseconds = 1_000
const beatMilliseconds = 250
const retryMilliseconds = 250

/** Connects, and reconnects by itself. */
export async function openNotifications(connection: pg.ClientConfig): Promise<Notifications> {
  const handlers = new Map<string, ((payload: string) => void)[]>()
  const gapHandlers: (() => void)[] = []
  let client: pg.Client | undefined
  let heardAt = 0
  let closed = false

  function deliver(channel: string, payload: string): void {
    for (const handler of handlers.get(channel) ?? []) handler(payload)
  }
  const overdue = () => performance.now() - heardAt > overdueMilliseconds
  const listenOn = (on: pg.Client, channel: string) => on.query(`listen ${pg.escapeIdentifier(channel)}`)

  async function connect(): Promise<void> {
    const next = clientFor(connection, deliver)
    next.on('end', () => {
      if (client === next) lost()
    })
    try {
      await next.connect()
      for (const channel of handlers.keys()) await listenOn(next, channel)
    } catch (error) {
      next.end().catch(() => {})
      throw error
    }
    if (closed) return next.end()
    client = next
    heardAt = performance.now()
    for (const handler of gapHandlers) handler()
  }

  function lost(): void {
    client = undefined
    if (closed) return // nobody is to look anything up any more: the database closes next
    for (const handler of gapHandlers) handler()
    retry()
  }

  function retry(): void {
    const timer = setTimeout(() => {
      if (!closed) connect().catch(retry)
    }, retryMilliseconds)
    timer.unref()
  }

  // A network that swallows everything breaks no connection for many minutes; only a question shows it.
  let asking: pg.Client | undefined
  function beat(): void {
    const current = client
    if (current === undefined) return
    if (asking === current) {
      if (!overdue()) return
      lost()
      current.end().catch(() => {}) // with a question open, this cuts the connection
      return
    }
    asking = current
    current.query('select 1').then(
      () => {
        asking = undefined
        if (client === current) heardAt = performance.now()
      },
      () => {
        asking = undefined
      },
    )
  }

  await connect()
  const timer = setInterval(beat, beatMilliseconds)
  timer.unref()
  return {
    async listen(channel, handler) {
      const known = handlers.get(channel)
      if (known !== undefined) return void known.push(handler)
      handlers.set(channel, [handler])
      if (client !== undefined) await listenOn(client, channel)
    },
    deliver,
    onGap: handler => void gapHandlers.push(handler),
    connected: () => client !== undefined && !overdue(),
    async close() {
      closed = true
      clearInterval(timer)
      await client?.end()
    },
  }
}

function clientFor(connection: pg.ClientConfig, deliver: (channel: string, payload: string) => void): pg.Client {
  const client = new pg.Client({
    ...connection,
    application_name: 'innkeeper notifications',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  })
  client.on('notification', ({ channel, payload }) => deliver(channel, payload ?? ''))
  client.on('error', () => {}) // 'end' follows
  return client
}
