import { describe, expect, test } from 'vitest'
import { readCamt053 } from './camt053.ts'
import { readCsvStatement } from './csv-statement.ts'

const csv = (text: string) => Buffer.from(text)

describe('a CSV statement', () => {
  test('is read by the names of its columns, in any order', () => {
    const text = [
      'amount,id,reference,payer,currency,date',
      '24.80,2026-77,RF18 5390 0754 7034,"Byron, Ada",EUR,2026-10-03',
      '-1000,,rent,Landlord,EUR,2026-10-04',
    ].join('\r\n')
    expect(readCsvStatement(csv(text))).toEqual([
      {
        bankId: '2026-77',
        bookedOn: '2026-10-03',
        amount: '24.80',
        currency: 'EUR',
        payer: 'Byron, Ada',
        text: 'RF18 5390 0754 7034',
        returned: false,
        batch: false,
      },
      {
        bookedOn: '2026-10-04',
        amount: '-1000',
        currency: 'EUR',
        payer: 'Landlord',
        text: 'rent',
        returned: false,
        batch: false,
      },
    ])
  })

  test('is read as the bank writes it: delimiter, names, order of dates, decimals, encoding', () => {
    const text = 'Buchungstag;Betrag;Name;Zweck\n03.10.2026;1.024,80;Müller;"Rechnung ""5"""\n'
    const [entry] = readCsvStatement(Buffer.from(text, 'latin1'), {
      delimiter: ';',
      decimal: ',',
      dates: 'DMY',
      encoding: 'windows-1252',
      currency: 'EUR',
      columns: { date: 'Buchungstag', amount: 'Betrag', payer: 'Name', reference: 'Zweck' },
    })
    expect(entry).toMatchObject({ bookedOn: '2026-10-03', amount: '1024.80', payer: 'Müller', text: 'Rechnung "5"' })
  })

  test.each([
    ['an empty file', '', 'empty'],
    ['a missing column', 'date,amount,payer\n', 'reference'],
    ['a day that does not exist', 'date,amount,payer,reference,currency\n2026-02-30,1,A,B,EUR', 'row 2'],
    ['a year that no calendar has', 'date,amount,payer,reference,currency\n0000-01-01,1,A,B,EUR', 'row 2'],
    ['a text that cannot be stored', 'date,amount,payer,reference,currency\n2026-02-03,1,A\0,B,EUR', 'row 2'],
    ['an amount that is none', 'date,amount,payer,reference,currency\n2026-02-03,1e3,A,B,EUR', 'row 2'],
    ['decimals in the other style', 'date,amount,payer,reference,currency\n2026-02-03,"1.024,80",A,B,EUR', 'row 2'],
    ['a row too short', 'date,amount,payer,reference,currency\n2026-02-03,1,A', 'row 2'],
    ['no currency', 'date,amount,payer,reference\n2026-02-03,1,A,B', 'currency'],
    ['a quote that never ends', 'date,amount,payer,reference,currency\n2026-02-03,1,"A,B,EUR', 'quote'],
  ])('is refused whole, by row: %s', (_what, text, message) => {
    expect(() => readCsvStatement(csv(text))).toThrow(
      expect.objectContaining({ kind: 'refused', message: expect.stringContaining(message) }),
    )
  })
})

test('a statement is refused with the rows whose amounts cannot be counted', () => {
  const countable = (amount: string, currency: string) => currency === 'XTS' || amount.length < 6
  const rows = ['2026-02-03,1000000,A,B,EUR', '2026-02-03,1000000,A,B,XTS', '2026-02-03,9.999,A,B,EUR']
  const text = ['date,amount,payer,reference,currency', ...rows].join('\n')
  expect(() => readCsvStatement(csv(text), {}, { countable })).toThrow('row 2: 1000000 is no amount of EUR')
})

test('a CSV statement is refused with all its wrong rows, or with the first twenty and how many more', () => {
  const head = 'date,amount,payer,reference,currency'
  const faults = (rows: string[]) => {
    try {
      return readCsvStatement(csv([head, ...rows].join('\n')), {}, { latest: '2026-11-22' })
    } catch (error) {
      return error instanceof Error ? error.message.split('\n') : []
    }
  }
  expect(faults(['2026-02-03,1,A,B,EUR', 'x,1,A,B,EUR', '2026-11-23,1,A,B,EUR', '2026-02-03,y,A,B,EUR'])).toEqual([
    'row 3: "x" is no date in the order YMD',
    'row 4: 2026-11-23 is in the future',
    'row 5: "y" is no amount',
  ])
  const many = faults(Array.from({ length: 25 }, () => '2026-02-03,y,A,B,EUR'))
  expect([many.length, many.at(-2), many.at(-1)]).toEqual([21, 'row 21: "y" is no amount', 'and 5 more'])
})

const statement = (entries: string) => `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Id>2026-10-03</Id><Acct><Id><IBAN>EE382200221020145685</IBAN></Id></Acct>${entries}</Stmt></BkToCstmrStmt></Document>`
const ofTen = '<Amt Ccy="EUR">10</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
const booked = '<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-10-03</Dt></BookgDt>'

describe('a camt.053 statement', () => {
  test('is refused with all its wrong entries', () => {
    const entry = '<Amt Ccy="EUR">24.80</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
    const xml = statement(`<Ntry>${entry}${booked}</Ntry><Ntry>${entry}<Sts>BOOK</Sts></Ntry><Ntry>${booked}</Ntry>`)
    expect(() => readCamt053(Buffer.from(xml), { latest: '2026-10-02' })).toThrow(
      expect.objectContaining({
        ...{ kind: 'refused' },
        message: 'entry 1: 2026-10-03 is in the future\nentry 2 has no booking date\nentry 3 has no amount',
      }),
    )
  })

  test('gives each booked entry with payer, reference and the bank’s id', () => {
    const xml = statement(`<Ntry><Amt Ccy="EUR">24.80</Amt><CdtDbtInd>CRDT</CdtDbtInd>${booked}
      <AcctSvcrRef>B-1</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
      <RltdPties><Dbtr><Pty><Nm>Byron &amp; Daughter</Nm></Pty></Dbtr></RltdPties>
      <RmtInf><Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>
      <Ntry><Amt Ccy="EUR">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts></Ntry>`)
    expect(readCamt053(Buffer.from(xml))).toEqual([
      {
        bankId: 'B-1',
        bookedOn: '2026-10-03',
        amount: '24.80',
        currency: 'EUR',
        payer: 'Byron & Daughter',
        text: 'RF18539007547034',
        returned: false,
        batch: false,
      },
    ])
  })

  test('takes a batch apart into its transactions, each with an id of its own', () => {
    const one = (amount: string, name: string) =>
      `<TxDtls><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Nm>${name}</Nm></Dbtr></RltdPties><RmtInf><Ustrd>a</Ustrd><Ustrd>b</Ustrd></RmtInf></TxDtls>`
    const xml = statement(
      `<Ntry><Amt Ccy="EUR">3.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>${booked}<AcctSvcrRef>B-2</AcctSvcrRef><NtryDtls>${one('1.00', 'Ada')}${one('2.00', 'Bob')}</NtryDtls></Ntry>`,
    )
    expect(readCamt053(Buffer.from(xml))).toMatchObject([
      { bankId: 'B-2#1', amount: '1.00', payer: 'Ada', text: 'a b' },
      { bankId: 'B-2#2', amount: '2.00', payer: 'Bob' },
    ])
  })

  const inBatch = (of: { amount?: string; direction?: string; currency?: string; text: string }) => {
    const { amount, direction = '', currency = 'EUR', text } = of
    const own = amount === undefined ? '' : `<AmtDtls><TxAmt><Amt Ccy="${currency}">${amount}</Amt></TxAmt></AmtDtls>`
    return `<TxDtls><Refs><AcctSvcrRef>T-${text}</AcctSvcrRef></Refs>${direction}${own}<RltdPties><Dbtr><Nm>Ada</Nm></Dbtr></RltdPties><RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls>`
  }
  const ofEntry = (...transactions: Parameters<typeof inBatch>[0][]) =>
    readCamt053(
      Buffer.from(
        statement(`<Ntry><Amt Ccy="EUR">14.88</Amt><CdtDbtInd>CRDT</CdtDbtInd>${booked}<AcctSvcrRef>B-3</AcctSvcrRef>
          <NtryDtls>${transactions.map(inBatch).join('')}</NtryDtls><AddtlNtryInf>c</AddtlNtryInf></Ntry>`),
      ),
    )

  test.each([
    ['no amounts', [{ text: 'a' }, { text: 'b' }]],
    ['one amount too few', [{ amount: '14.88', text: 'a' }, { text: 'b' }]],
    [
      'other amounts than were booked',
      [
        { amount: '10', text: 'a' },
        { amount: '5', text: 'b' },
      ],
    ],
    [
      'amounts of other currencies',
      [
        { amount: '10', text: 'a' },
        { amount: '4.88', currency: 'CHF', text: 'b' },
      ],
    ],
  ])('books a batch once and whole that has %s', (_what, transactions) => {
    expect(ofEntry(...transactions)).toEqual([
      {
        ...{ bankId: 'B-3', bookedOn: '2026-10-03', amount: '14.88', currency: 'EUR', payer: 'Ada', text: 'a b c' },
        ...{ returned: false, batch: true },
      },
    ])
  })

  test('takes a batch apart by the amounts of its details, and by their directions', () => {
    const back = '<CdtDbtInd>DBIT</CdtDbtInd>'
    expect(ofEntry({ amount: '15', text: 'a' }, { amount: '0.12', direction: back, text: 'b' })).toMatchObject([
      { bankId: 'T-a', amount: '15', batch: false },
      { bankId: 'T-b', amount: '-0.12', batch: false },
    ])
  })

  test.each([
    ['before charges', 'EUR'],
    ['in another currency', 'CHF'],
  ])('takes what was booked, not what was instructed %s', (_what, currency) => {
    expect(ofEntry({ amount: '100.00', currency, text: 'a' })).toMatchObject([{ amount: '14.88', currency: 'EUR' }])
  })

  test('tells a payment that came back from money that was sent', () => {
    const entry = (inside: string) =>
      `<Ntry><Amt Ccy="EUR">24.80</Amt><CdtDbtInd>DBIT</CdtDbtInd>${inside}${booked}</Ntry>`
    const xml = statement(entry('<RvslInd>true</RvslInd>') + entry(''))
    expect(readCamt053(Buffer.from(xml))).toMatchObject([
      { amount: '-24.80', returned: true },
      { amount: '-24.80', returned: false },
    ])
  })

  test.each([
    ['no XML', 'date,amount'],
    ['another document', '<Document><Other/></Document>'],
    ['half of one', statement('<Ntry>').slice(0, 200)],
    ['an entry without amount', statement(`<Ntry><CdtDbtInd>CRDT</CdtDbtInd>${booked}</Ntry>`)],
    ['a year that no calendar has', statement(`<Ntry>${ofTen}${booked.replace('2026', '0000')}</Ntry>`)],
    ['a text that cannot be stored', statement(`<Ntry>${ofTen}${booked}<AddtlNtryInf>a\0</AddtlNtryInf></Ntry>`)],
    ['entities of its own', `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>${statement('')}`],
  ])('is refused whole: %s', (_what, xml) => {
    expect(() => readCamt053(Buffer.from(xml))).toThrow(expect.objectContaining({ kind: 'refused' }))
  })
})
