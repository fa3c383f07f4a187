import { Worker } from 'node:worker_threads'
import type { InvoiceDocument, Stationery } from './invoice-document.ts'

/** What a thread is told to make. */
export interface Order {
  readonly document: InvoiceDocument
  readonly stationery: Stationery
}
/** What it made of it. */
export type Answer = { readonly pdf: Uint8Array } | { readonly error: string }

/** Makes PDF documents in threads of their own: each takes as long as fifty requests that read. */
export interface Renderer {
  /** Throws a {@link RendererBusy} rather than let a queue grow for ever. */
  render(document: InvoiceDocument, stationery: Stationery): Promise<Uint8Array>
  close(): Promise<void>
}

/** More is asked for than can be made in a while. */
export class RendererBusy extends Error {
  override readonly name = 'RendererBusy'
}

export interface RendererOptions {
  /** Started when they are needed first. */
  readonly threads?: number
  /** How long a thread that has nothing to do stays. */
  readonly idleMilliseconds?: number
  /** Documents that may wait. */
  readonly waiting?: number
  /** What one document may take. */
  readonly timeoutMilliseconds?: number
}

interface Task {
  readonly order: Order
  resolve(pdf: Uint8Array): void
  reject(error: Error): void
}

/** Opens a renderer. Threads keep no program alive that has nothing else to do. */
export function openRenderer({
  threads = 1,
  idleMilliseconds = 300_000,
  waiting: mostWaiting = 100,
  timeoutMilliseconds = 30_000,
}: RendererOptions = {}): Renderer {
  const waiting: Task[] = []
  const idle = new Map<Worker, NodeJS.Timeout>()
  const all = new Set<Worker>()
  const running = new Map<Worker, { readonly task: Task; readonly late: NodeJS.Timeout }>()
  let closed = false

  function next(): void {
    while (waiting.length > 0 && (idle.size > 0 || all.size < threads)) {
      const task = waiting.shift()
      if (task !== undefined) run(wake() ?? start(), task)
    }
  }

  /** A thread that has nothing to do; undefined if there is none. */
  function wake(): Worker | undefined {
    const [worker] = idle.keys()
    if (worker !== undefined) stay(worker)
    return worker
  }

  function rest(worker: Worker): void {
    const end = () => {
      stay(worker) // nobody is to wake it while it ends
      all.delete(worker)
      void worker.terminate()
    }
    idle.set(worker, setTimeout(end, idleMilliseconds).unref())
  }

  function stay(worker: Worker): void {
    clearTimeout(idle.get(worker))
    idle.delete(worker)
  }

  function run(worker: Worker, task: Task): void {
    const late = setTimeout(() => {
      settle(worker, ({ reject }) => reject(new Error('the document took too long')))
      void worker.terminate()
    }, timeoutMilliseconds)
    running.set(worker, { task, late })
    worker.ref()
    worker.postMessage(task.order)
  }

  function settle(worker: Worker, tell: (task: Task) => void): void {
    const current = running.get(worker)
    if (current === undefined) return
    running.delete(worker)
    clearTimeout(current.late)
    worker.unref()
    tell(current.task)
  }

  function start(): Worker {
    const worker = new Worker(new URL('worker.mjs', import.meta.url), { execArgv: [] })
    all.add(worker)
    worker.on('message', (answer: Answer) => {
      rest(worker)
      settle(worker, ({ resolve, reject }) => ('pdf' in answer ? resolve(answer.pdf) : reject(new Error(answer.error))))
      next()
    })
    worker.on('error', error => gone(worker, error))
    worker.on('exit', () => gone(worker, new Error('the thread ended')))
    return worker
  }

  function gone(worker: Worker, why: Error): void {
    all.delete(worker)
    stay(worker)
    settle(worker, ({ reject }) => reject(why))
    next()
  }

  return {
    render(document, stationery) {
      return new Promise((resolve, reject) => {
        if (closed) return reject(new Error('the renderer is closed'))
        if (waiting.length >= mostWaiting) return reject(new RendererBusy(`${mostWaiting} documents wait already`))
        waiting.push({ order: { document, stationery }, resolve, reject })
        next()
      })
    },
    async close() {
      closed = true
      for (const { reject } of waiting.splice(0)) reject(new Error('the renderer is closed'))
      await Promise.all([...all].map(worker => worker.terminate()))
    },
  }
}
