import { parentPort } from 'node:worker_threads'
import { renderPdf } from './pdf.ts'
import type { Answer, Order } from './renderer.ts'

/** The other end of renderer.ts: makes one document after the other. Fonts stay open between them. */
const port = parentPort
if (port === null) throw new Error('worker.ts runs in a thread of renderer.ts')

port.on('message', async (order: Order) => {
  port.postMessage(await answerOf(order))
})

async function answerOf({ document, stationery }: Order): Promise<Answer> {
  try {
    return { pdf: await renderPdf(document, stationery) }
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
