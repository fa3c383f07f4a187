import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { all, parseXml } from '../test/en16931.ts'
import { readPdf } from '../test/read-pdf.ts'
import { buyer, documentOf, domestic, reverseCharge, type SoldThing, seller } from '../test/samples.ts'
import { renderCii } from './cii.ts'
import type { InvoiceDocument, Stationery } from './invoice-document.ts'
import { renderPdf } from './pdf.ts'

const a4: Stationery = { paper: 'A4', logo: null }
const letter: Stationery = { paper: 'Letter', logo: null }
const things = (count: number, description = 'Web hosting M, 1 March 2026 to 31 March 2026'): SoldThing[] =>
  Array.from({ length: count }, (_, i) => ({ description: `${i + 1}. ${description}`, unitMinor: 1999n + BigInt(i) }))
const read = async (document: InvoiceDocument, stationery = a4) => readPdf(await renderPdf(document, stationery))
/** A text without what keeps its columns apart. */
const plain = (text: string) => text.replaceAll(/[\s\u00a0]+/g, ' ')

describe.each([
  ['A4', a4, '595.28 x 841.89 pts (A4)', 3, 3],
  ['Letter', letter, '612 x 792 pts (letter)', 4, 3],
] as const)('on %s paper', (_paper, stationery, size, pagesOfHundred, withLines) => {
  test('fifteen lines are one page, also when each of them is long', async () => {
    const long =
      'Web hosting M for a-name-that-is-rather-long.example.com, 1 March 2026 to 31 March 2026, with daily backups'
    const chosen = 'Memory: 16 GB; Disk: 200 GB; Location: Tallinn; Daily backups; Addresses: 4; Support: Premium; '
    const configured = `Server M, a-name-that-is-rather-long.example.com (2026-03-01 – 2026-03-31), ${chosen.repeat(2).slice(0, 151)}`
    for (const description of [undefined, long, configured]) {
      const notes = 'Thank you for staying with us. '.repeat(8)
      const { pages, info, text } = await read(documentOf(things(15, description), { notes }), stationery)
      expect({ pages, size: info['Page size'] }).toEqual({ pages: 1, size })
      expect(plain(text)).toContain('Page 1 of 1')
    }
  })

  test('more lines take more pages, with the heads of the columns above them on each; none is lost', async () => {
    const { pages, text } = await read(documentOf(things(100)), stationery)
    expect(pages).toBe(pagesOfHundred)
    expect(text.match(/Description +Quantity +Unit price +Tax +EUR/g)).toHaveLength(withLines)
    const numbers = [...text.matchAll(/^ *(\d+)\. Web hosting/gm)].map(([, number]) => Number(number))
    expect(numbers).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
    const every = Array.from({ length: pages }, (_, i) => `Page ${i + 1} of ${pages}`)
    expect(text.match(/Page \d of \d/g)).toEqual(every)
  })
})

test('names are read as they are written, in Latin, Greek, Cyrillic and the scripts of Asia', async () => {
  const name = 'Παπαδόπουλος, Щербаков și Žižková'
  const contact = '株式会社山田 北京谢谢 한국어'
  const rest = 'Ґалаґан · Հայաստան · საქართველო · Việt Nam · Łódź'
  const { text, fonts } = await read(documentOf(things(1), { buyer: { ...buyer, name, contact, address1: rest } }))
  for (const part of `${name} ${contact} ${rest}`.split(' ')) expect(plain(text)).toContain(part)
  expect(fonts.map(font => font.name).sort()).toEqual([
    ...['DejaVuSans', 'DroidSansFallback', 'NanumSquareR', 'NotoSans-Bold', 'NotoSans-Regular'],
  ])
})

test('every font is embedded, and only what is used of it', async () => {
  const pdf = await renderPdf(documentOf(things(3), { notes: '谢谢' }), a4)
  expect(readPdf(pdf).fonts.every(font => font.embedded && font.subset)).toBe(true)
  expect(pdf.length).toBeLessThan(60_000)
})

test('a character that no font has is a box, and nothing breaks', async () => {
  const { text, complaints } = await read(documentOf([{ description: 'Box \u{1fa90}\u0007\ud800 end', unitMinor: 1n }]))
  expect(plain(text)).toContain('Box □ end')
  expect(complaints).toBe('')
})

test('the XML inside is the XML of the same document, attached as the standard wants', async () => {
  const document = documentOf(things(2))
  const { attachments, metadata, structure, complaints, info } = await read(document)
  expect(attachments).toEqual({ 'factur-x.xml': renderCii(document) })
  for (const part of [
    '<pdfaid:part>3</pdfaid:part>',
    '<pdfaid:conformance>B</pdfaid:conformance>',
    '<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>',
    '<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>',
    '<pdfaSchema:namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#</pdfaSchema:namespaceURI>',
  ]) {
    expect(metadata).toContain(part)
  }
  for (const part of [
    '"/AFRelationship": "/Alternative"',
    '"/AF": [',
    '"/OutputIntents": [',
    '"/Subtype": "/text/xml"',
  ]) {
    expect(structure).toContain(part)
  }
  expect(complaints).toBe('')
  expect(info).toMatchObject({ Title: 'Invoice 2026/3/17', 'PDF version': '1.7', JavaScript: 'no', Encrypted: 'no' })
})

test('the metadata is XML whatever the seller is called', async () => {
  const { metadata } = await read(
    documentOf(things(1), { seller: { ...seller, name: 'A & B <C> "D"' }, number: '<&>' }),
  )
  const parsed = parseXml(metadata.slice(metadata.indexOf('<x:xmpmeta'), metadata.indexOf('<?xpacket end')))
  const creators = all(parsed, 'RDF/Description/creator/Seq/li').map(({ text }) => text)
  expect(creators).toEqual(['A & B <C> "D"'])
})

test('amounts, taxes by rate and both parties stand on it', async () => {
  const sold = [{ description: 'Web hosting M', unitMinor: 123_456n, quantity: 2 }]
  const deposit = { description: 'Deposit', unitMinor: 5000n, taxed: false }
  const { text } = await read(documentOf([...sold, deposit]))
  const words = plain(text)
  for (const part of [
    ...['Innkeeper OÜ', 'VAT EE100000001', 'Reg. no. 10000001', 'Ada Byron', '10115 Berlin', 'Germany', '2026/3/17'],
    ...['1 March 2026', '8 March 2026', '2 469.12', '24 %', 'Subtotal 2 519.12 EUR', 'VAT 24 % 592.59 EUR'],
    ...['VAT 24 % 2 469.12 592.59', 'Not subject to tax 50.00 0.00', 'Total 3 111.71 EUR', 'To pay 3 111.71 EUR'],
    'Please transfer to IBAN EE38 2200 2210 2014 5685, BIC HABAEE2X, reference 2026/3/17',
  ]) {
    expect(words).toContain(part)
  }
})

test('the amounts of all lines end at the same place', async () => {
  const { text } = await read(
    documentOf([1n, 1_234_567n, 99_999n].map(unitMinor => ({ description: 'Thing', unitMinor }))),
  )
  const ends = text
    .split('\n')
    .filter(line => /^ *Thing/.test(line))
    .map(line => line.trimEnd().length)
  expect(Math.max(...ends) - Math.min(...ends)).toBeLessThanOrEqual(1) // pdftotext counts in characters
})

test.each<[string, Partial<InvoiceDocument>, string[], string[]]>([
  ['a pro-forma says so', { kind: 'proforma', number: 'P2026/4' }, ['Pro forma invoice', 'P2026/4'], ['Credit']],
  [
    'a credit note names its invoice and asks for no money',
    { kind: 'credit_note', number: 'C2026/1', corrects: { number: '2026/2/9', issuedOn: '2026-02-01' }, dueOn: null },
    ['Credit note', 'Corrects invoice', '2026/2/9 of 1 February 2026', 'Total credited'],
    ['Please transfer', 'To pay'],
  ],
  [
    'a paid invoice says when, and asks for no money',
    { paidOn: '2026-03-02', dueOn: null, paidMinor: 2479n, dueMinor: 0n },
    ['Paid 2 March 2026', 'Paid -24.79 EUR', 'To pay 0.00 EUR'],
    ['Please transfer'],
  ],
  [
    'what was cancelled says by which credit note, and that nobody paid',
    { isVoid: true, dueMinor: 0n, creditedMinor: 2479n, correctedBy: [{ number: 'C2026/1', issuedOn: '2026-02-01' }] },
    ['Invoice – cancelled', 'Credited -24.79 EUR', 'Cancelled by credit note C2026/1 of 1 February 2026.'],
    ['Please transfer', 'To pay', 'Paid'],
  ],
  [
    'a creditor reference stands in groups of four',
    { transfer: { iban: 'EE382200221020145685', bic: '', reference: 'RF985001' } },
    ['reference RF98 5001'],
    [],
  ],
  [
    'tax is told in the seller’s currency too',
    { homeTax: { currency: { code: 'SEK', exponent: 2 }, taxMinor: 5512n } },
    ['Tax in SEK 55.12'],
    [],
  ],
])('%s', async (_promise, change, present, absent) => {
  const words = plain((await read(documentOf([{ description: 'Web hosting M', unitMinor: 1999n }], change))).text)
  for (const part of present) expect(words).toContain(part)
  for (const part of absent) expect(words).not.toContain(part)
})

test('reverse charge says so, with the law and both VAT numbers', async () => {
  const { text } = await read(
    documentOf(things(1), { tax: reverseCharge, buyer: { ...buyer, vatNumber: 'DE123456789' } }),
  )
  const words = plain(text)
  for (const part of ['VAT EE100000001', 'VAT DE123456789', 'Reverse charge', 'articles 44 and 196']) {
    expect(words).toContain(part)
  }
})

test('prices that hold the tax say so', async () => {
  const tax = { ...domestic, inclusive: true }
  const words = plain((await read(documentOf([{ description: 'Web hosting M', unitMinor: 12_400n }], { tax }))).text)
  for (const part of ['EUR, with tax', 'Subtotal 100.00 EUR', 'Total 124.00 EUR']) expect(words).toContain(part)
})

test('a logo is drawn, and a file that is none keeps no invoice back', async () => {
  const logo = png(4, 2)
  expect((await read(documentOf(things(1)), { ...a4, logo })).structure).toContain('"/Subtype": "/Image"')
  const broken = await read(documentOf(things(1)), { ...a4, logo: Buffer.from('no image') })
  expect(broken.text).toContain('Innkeeper OÜ')
  expect(broken.complaints).toBe('')
})

test('the same document is the same file', async () => {
  const document = documentOf(things(2))
  const [one, other] = [await renderPdf(document, a4), await renderPdf(document, a4)]
  expect(one.equals(other)).toBe(true)
})

test('whatever the words are, the file is sound', async () => {
  const words = fc.string({ unit: 'binary', maxLength: 120 })
  await fc.assert(
    fc.asyncProperty(words, words, words, async (name, description, notes) => {
      const document = documentOf([{ description, unitMinor: 1n }], { buyer: { ...buyer, name }, notes, number: name })
      expect((await read(document)).complaints).toBe('')
    }),
    { numRuns: 8 },
  )
})

/** A PNG of one colour. */
function png(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    const sum = Buffer.alloc(4)
    sum.writeUInt32BE(crc(body))
    return Buffer.concat([length, body, sum])
  }
  const header = Buffer.from([0, 0, 0, width, 0, 0, 0, height, 8, 2, 0, 0, 0])
  const rows = Buffer.alloc(height * (1 + width * 3), 0x40)
  for (let row = 0; row < height; row++) rows[row * (1 + width * 3)] = 0
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([
    ...[signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))],
  ])
}

function crc(data: Buffer): number {
  let value = 0xffffffff
  for (const byte of data) {
    value ^= byte
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0)
  }
  return (value ^ 0xffffffff) >>> 0
}
