import { afterAll, expect, onTestFinished, test } from 'vitest'
import { documentOf } from '../test/samples.ts'
import type { InvoiceDocument } from './invoice-document.ts'
import { renderPdf } from './pdf.ts'
import { openRenderer, RendererBusy } from './renderer.ts'

const paper = { paper: 'A4', logo: null } as const
const document = documentOf([{ description: 'Web hosting M', unitMinor: 1999n }])
/** A document that no program can draw. */
const impossible = { ...document, lines: null } as unknown as InvoiceDocument
const renderer = openRenderer({ threads: 2, waiting: 30 })
afterAll(() => renderer.close())

test('a thread makes the same file as the program itself', async () => {
  const made = await renderer.render(document, paper)
  expect(Buffer.from(made).equals(await renderPdf(document, paper))).toBe(true)
})

test('many at once are each their own, and the event loop goes on meanwhile', async () => {
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  onTestFinished(() => clearInterval(timer))
  const numbers = Array.from({ length: 20 }, (_, i) => `2026/3/${i}`)
  const made = await Promise.all(numbers.map(number => renderer.render({ ...document, number }, paper)))
  const expected = await Promise.all(numbers.map(number => renderPdf({ ...document, number }, paper)))
  expect(made.every((pdf, i) => expected[i]?.equals(pdf))).toBe(true)
  expect(turns).toBeGreaterThan(10)
})

test('one that cannot be made fails alone', async () => {
  const results = await Promise.allSettled([
    ...[renderer.render(impossible, paper), renderer.render(document, paper), renderer.render(impossible, paper)],
  ])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected'])
})

test('more than can wait is refused at once', async () => {
  const results = await Promise.allSettled(Array.from({ length: 40 }, () => renderer.render(document, paper)))
  const refused = results.flatMap(result => (result.status === 'rejected' ? [result.reason] : []))
  expect(refused).toHaveLength(40 - 2 - 30)
  for (const error of refused) expect(error).toBeInstanceOf(RendererBusy)
})

test('what takes too long is given up, and the next one gets a new thread', async () => {
  const hasty = openRenderer({ timeoutMilliseconds: 1 })
  onTestFinished(() => hasty.close())
  await expect(hasty.render(document, paper)).rejects.toThrow('took too long')
  await expect(hasty.render(document, paper)).rejects.toThrow('took too long')
})

test('threads with nothing to do end, and others take their place', async () => {
  const short = openRenderer({ idleMilliseconds: 1 })
  onTestFinished(() => short.close())
  for (let i = 0; i < 2; i++) {
    expect((await short.render(document, paper)).length).toBeGreaterThan(1000)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
})

test('a closed renderer makes nothing, and leaves nobody waiting', async () => {
  const short = openRenderer()
  const waiting = Promise.allSettled([short.render(document, paper), short.render(document, paper)])
  await short.close()
  const results = [...(await waiting), ...(await Promise.allSettled([short.render(document, paper)]))]
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
})
