import { contract } from '@innkeeper/contract'
import { brokenRules, schemaProblems } from '@innkeeper/documents/en16931-rules'
import { readPdf } from '@innkeeper/documents/pdf-reader'
import { creditorReference, printedReference } from '@innkeeper/drivers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cartOf, issueTestInvoice } from '../../../test/billing.ts'
import { type FullServer, fullServer } from '../../../test/full-server.ts'
import { send } from '../../../test/gates/send.ts'
import { defaultConfig } from '../../config.ts'
import { asSystem } from '../../operator.ts'
import { issueCreditNote, issueInvoice, voidInvoice } from '../billing/index.ts'

const { seller } = defaultConfig('')
const password = 'correct horse battery'
let full: FullServer
let counter = 0
beforeAll(async () => {
  full = await fullServer({
    seller: { ...seller, name: 'Majapidaja & Co OÜ', vatNumber: 'EE100000001', iban: 'EE382200221020145685' },
  })
})
afterAll(() => full.close())

async function customer(person: Record<string, string> = {}) {
  const email = `reader${++counter}@example.com`
  const { json } = await send(full.server, contract.extensions.signup, { email, password, ...person })
  const { token } = (await send(full.server, contract.auth.login, { username: email, password })).json
  return { accountId: String(json.client_id), token: String(token) }
}
const print = (token: string, id: string, headers: Record<string, string> = {}) =>
  full.server.inject({
    method: 'POST',
    url: `/api/invoice/${id}/pdf`,
    headers: { authorization: `Bearer ${token}`, ...headers },
  })

test('an invoice is answered in JSON, and as the file itself to who asks for that', async () => {
  const { accountId, token } = await customer({ firstname: 'Αδα', lastname: 'Байрон', country: 'DE' })
  const { id, number } = await issueTestInvoice(full.app, accountId)
  const answer = await print(token, id)
  expect(answer.headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', vary: 'Accept' })
  const { invoice, filename, pdf, success } = answer.json()
  const name = `invoice-${String(number).replaceAll('/', '-')}.pdf`
  expect({ invoice, filename, success }).toEqual({ invoice: 'Unpaid', filename: name, success: true })
  const file = await print(token, id, { accept: 'application/pdf' })
  expect(file.headers).toMatchObject({
    'content-type': 'application/pdf',
    'content-disposition': `attachment; filename="${name}"`,
    'x-content-type-options': 'nosniff',
  })
  expect(file.rawPayload.equals(Buffer.from(pdf, 'base64'))).toBe(true)
  const { text, pages, attachments, complaints } = readPdf(file.rawPayload)
  expect({ pages, complaints }).toEqual({ pages: 1, complaints: '' })
  for (const part of ['Αδα Байрон', 'Majapidaja & Co OÜ', 'EE382200221020145685', String(number)]) {
    expect(text).toContain(part)
  }
  const cii = attachments['factur-x.xml'] ?? ''
  expect(schemaProblems(cii)).toBe('')
  expect(brokenRules(cii)).toEqual([])
})

test.each([
  ['in part', undefined, false],
  ['its tax alone', 'all', true],
  ['whole', 'all', false],
] as const)(
  'an invoice that a credit note takes back %s: both documents keep the rules',
  async (_what, lines, taxOnly) => {
    const { accountId, token } = await customer({ country: 'DE', vateu: 'DE123456789', companyname: 'Beispiel GmbH' })
    const invoice = await issueTestInvoice(full.app, accountId, [2000n, 1333n])
    const note = await asSystem(full.app, async ctx => {
      const part = [{ lineId: invoice.lines[0]?.id ?? '', netMinor: 500n }]
      const order = {
        invoiceId: invoice.id,
        lines: lines ?? part,
        payOut: 'none',
        reason: 'A correction',
        taxOnly,
      } as const
      return issueCreditNote(ctx, await ctx.begin(), order)
    })
    for (const id of [invoice.id, note.id]) {
      const { attachments, text } = readPdf((await print(token, id, { accept: 'application/pdf' })).rawPayload)
      const cii = attachments['factur-x.xml'] ?? ''
      expect(schemaProblems(cii)).toBe('')
      expect(brokenRules(cii)).toEqual([])
      if (id === note.id) expect(text).toContain(String(invoice.number))
    }
  },
)

test('an invoice asks for the reference that its bank transfer is known by', async () => {
  const { accountId, token } = await customer()
  const { id } = await issueTestInvoice(full.app, accountId)
  const { attachments, text } = readPdf((await print(token, id, { accept: 'application/pdf' })).rawPayload)
  const reference = creditorReference(id)
  expect(text.replaceAll(/\s+/g, ' ')).toContain(`reference ${printedReference(reference)}`)
  expect(attachments['factur-x.xml']).toContain(`<ram:PaymentReference>${reference}</ram:PaymentReference>`)
})

test('a cancelled invoice that nobody paid says so, and which credit note cancelled it', async () => {
  const { accountId, token } = await customer()
  const invoice = await issueTestInvoice(full.app, accountId, [1000n])
  await asSystem(full.app, async ctx => voidInvoice(ctx, await ctx.begin(), { id: invoice.id, accountId }, 'a mistake'))
  const note = await full.app.db
    .selectFrom('invoice')
    .select('number')
    .where('corrects_id', '=', invoice.id)
    .executeTakeFirstOrThrow()
  const { attachments, text } = readPdf((await print(token, invoice.id, { accept: 'application/pdf' })).rawPayload)
  const cii = attachments['factur-x.xml'] ?? ''
  expect(text).toContain(`Cancelled by credit note ${note.number}`)
  expect(text).not.toContain('Paid')
  expect(cii).toContain('<ram:TotalPrepaidAmount>0.00<')
  expect(brokenRules(cii)).toEqual([])
})

test('what is somebody else’s or a draft is not found, as what is nowhere', async () => {
  const [mine, theirs] = [await customer(), await customer()]
  const { id } = await issueTestInvoice(full.app, theirs.accountId)
  const { accountId } = mine
  const draft = await asSystem(full.app, async ctx =>
    issueInvoice(ctx, await ctx.begin(), { accountId, priced: cartOf([100n]), status: 'Draft' }),
  )
  const answers = await Promise.all(['1', id, draft.id].map(one => print(mine.token, one)))
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404])
  expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
})

test('twenty at once are printed, and no transaction waits for them', async () => {
  const { accountId, token } = await customer({ country: 'EE' })
  const { id } = await issueTestInvoice(full.app, accountId)
  const answers = await Promise.all(Array.from({ length: 20 }, () => print(token, id, { 'idempotency-key': 'same' })))
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 200))
})

test('a refusal is JSON, whatever was asked for', async () => {
  const { token } = await customer()
  const answer = await print(token, '1', { accept: 'application/pdf' })
  expect(answer.headers['content-type']).toMatch(/^application\/json/)
  expect(answer.json()).toEqual({ success: false, error: ['not_found'] })
})
