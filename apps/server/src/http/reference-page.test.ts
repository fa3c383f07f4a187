import Fastify from 'fastify'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultConfig } from '../config.ts'
import { registerReference } from './reference.ts'
import { staffReference, userReference } from './reference-documents.ts'

/** A browser on a busy machine takes its time. */
const browserTime = 120_000

const server = Fastify()
const calls: { readonly call: string; readonly authorization: string | undefined }[] = []
let origin: string
let browser: Browser
let page: Page
const requested: string[] = []
const complaints: string[] = []

beforeAll(async () => {
  // Another address than the one the page is opened at: "try it" has to go where the page came from.
  const config = { ...defaultConfig('/nowhere'), brandName: 'Harbour Hosting', publicUrl: 'https://my.example.com' }
  registerReference(server, config.brandName, [userReference(config), staffReference(config)])
  server.all('/api/*', async request => {
    const { method, url, headers } = request
    calls.push({ call: `${method} ${url}`, authorization: headers.authorization })
    return { zones: [] }
  })
  origin = await server.listen({ host: '127.0.0.1', port: 0 })
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
  })
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  page.setDefaultTimeout(30_000)
  page.on('request', request => requested.push(request.url()))
  page.on('pageerror', error => complaints.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(message.text())
  })
})

afterAll(async () => {
  await browser?.close()
  await server.close()
})

test(
  'a reader finds an operation by searching, sees its samples and tries it on the server of the page',
  async () => {
    await page.goto(`${origin}/userapi`)
    expect(await page.title()).toBe('Harbour Hosting User API')
    await page.getByRole('textbox', { name: /token/i }).fill('a-token-of-mine')
    await page
      .getByRole('button', { name: /Search/ })
      .first()
      .click()
    await page.getByRole('combobox', { name: /search/i }).fill('all your zones')
    await page.getByRole('option', { name: /All your zones/ }).click()
    const operation = page.locator('[id="user-api/tag/dns/GET/dns"]')
    await operation.getByRole('heading', { name: 'All your zones' }).waitFor()
    await operation.getByText('curl --request GET').waitFor()

    await operation.getByRole('button', { name: /Test Request/ }).click()
    const answered = page.waitForResponse(answer => answer.url().includes('/api/'))
    await page.getByRole('button', { name: /^Send get request/i }).click()
    expect([(await answered).url(), await (await answered).json()]).toEqual([`${origin}/api/dns`, { zones: [] }])
    expect(calls).toEqual([{ call: 'GET /api/dns', authorization: 'Bearer a-token-of-mine' }])
  },
  browserTime,
)

test(
  'the four languages of the samples are offered, and no others',
  async () => {
    await page.goto(`${origin}/userapi#user-api/tag/dns/POST/service/{service_id}/dns`)
    await page.reload()
    const operation = page.locator('[id="user-api/tag/dns/POST/service/{service_id}/dns"]')
    await operation.getByRole('button', { name: /curl/ }).click()
    expect(await page.getByRole('option').allInnerTexts()).toEqual(['curl', 'PHP', 'Python', 'TypeScript'])
  },
  browserTime,
)

test(
  'the extensions can be chosen as a second source',
  async () => {
    await page.goto(`${origin}/userapi`)
    await page
      .getByRole('button', { name: /User API/ })
      .first()
      .click()
    await page.getByRole('option', { name: 'Extensions' }).click()
    await page.getByRole('heading', { name: 'Harbour Hosting User API: extensions' }).waitFor()
  },
  browserTime,
)

test('nothing of the page was fetched from elsewhere, and nothing was refused or failed', () => {
  const elsewhere = requested.filter(url => !url.startsWith(`${origin}/`) && !/^(data|blob):/.test(url))
  expect([elsewhere, complaints]).toEqual([[], []])
})

test.each([1440, 390])(
  'on a screen of %i pixels the table of roles is there with its words whole, and the page is no wider',
  async width => {
    const own = await browser.newPage({ viewport: { width, height: 900 } })
    await own.goto(`${origin}/adminapi`)
    const table = own.locator('table', { hasText: 'readonly' })
    await table.waitFor()
    expect(await table.locator('th').allInnerTexts()).toEqual(['may', 'owner', 'billing', 'support', 'readonly'])
    const { broken, words } = await own.evaluate<{ broken: string[]; words: number }>(brokenWords)
    expect(words).toBeGreaterThan(80)
    expect(broken).toEqual([])
    expect(await own.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    await own.close()
  },
  browserTime,
)

/** Runs in the page: the words of its first table that stand on several lines. */
const brokenWords = `(() => {
  const broken = []
  let words = 0
  const texts = document.createTreeWalker(document.querySelector('#reference table'), NodeFilter.SHOW_TEXT)
  for (let node = texts.nextNode(); node; node = texts.nextNode())
    for (const { 0: word, index } of node.data.matchAll(/[a-z]+/gi)) {
      words++
      const range = document.createRange()
      range.setStart(node, index)
      range.setEnd(node, index + word.length)
      if (range.getClientRects().length > 1) broken.push(word)
    }
  return { broken, words }
})()`
