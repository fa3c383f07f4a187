import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** What is wrong with an invoice by the XML schema of its profile; empty if nothing is. */
export function schemaProblems(cii: string): string {
  const schema = join(import.meta.dirname, 'schema/Factur-X_1.07.3_EN16931.xsd')
  try {
    execFileSync('xmllint', ['--noout', '--nonet', '--schema', schema, '-'], { input: cii, stdio: 'pipe' })
    return ''
  } catch (error) {
    return String((error as { stderr?: Buffer }).stderr ?? error) // what execFileSync throws
  }
}

interface Element {
  readonly name: string
  readonly text: string
  readonly children: readonly Element[]
  readonly attributes: Readonly<Record<string, string>>
}

/** Reads XML as our writer makes it: elements, attributes and text. Independent of it, and of the schema. */
export function parseXml(text: string): Element {
  const stack: { name: string; text: string; children: Element[]; attributes: Record<string, string> }[] = [
    { name: '', text: '', children: [], attributes: {} },
  ]
  for (const [, close, name = '', attributes = '', content = ''] of text.matchAll(/<(\/?)([\w:]+)([^>]*)>([^<]*)/g)) {
    if (close === '/') {
      const ended = stack.pop()
      if (ended?.name !== name) throw new Error(`</${name}> ends <${ended?.name}>`)
      stack.at(-1)?.children.push(ended)
    } else {
      const pairs = [...attributes.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value])
      stack.push({ name, text: unescaped(content.trim()), children: [], attributes: Object.fromEntries(pairs) })
    }
  }
  const root = stack[0]?.children[0]
  if (stack.length !== 1 || root === undefined) throw new Error('elements are left open')
  return root
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}

/** All elements at a path of local names below one. */
export function all(element: Element, path: string): Element[] {
  return path
    .split('/')
    .reduce<Element[]>(
      (found, name) => found.flatMap(one => one.children.filter(child => child.name.split(':')[1] === name)),
      [element],
    )
}

/** Decimal text as an integer of millionths: exact. */
function units(text: string | undefined): bigint {
  const [, sign, whole = '0', decimals = ''] = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(text ?? '0') ?? []
  if (sign === undefined) throw new Error(`${text} is no amount`)
  const value = BigInt(whole + decimals.padEnd(6, '0'))
  return sign === '-' ? -value : value
}

/**
 * The rules of EN 16931-1 that an invoice breaks, by their names: how totals come about (BR-CO-10 to 17), which amounts
 * belong to which VAT category (BR-*-08 and its like), and who has to be named for it. Written from the standard.
 */
export function brokenRules(cii: string): string[] {
  const root = parseXml(cii)
  const transaction = all(root, 'SupplyChainTradeTransaction')[0] ?? root
  const settlement = all(transaction, 'ApplicableHeaderTradeSettlement')[0] ?? root
  const totals = all(settlement, 'SpecifiedTradeSettlementHeaderMonetarySummation')[0] ?? root
  const currency = all(settlement, 'InvoiceCurrencyCode')[0]?.text
  const total = (name: string) => units(all(totals, name)[0]?.text)
  const taxTotals = all(totals, 'TaxTotalAmount').filter(one => one.attributes.currencyID === currency)
  const sum = (list: readonly bigint[]) => list.reduce((a, b) => a + b, 0n)
  const lines = all(transaction, 'IncludedSupplyChainTradeLineItem').map(line => {
    const lineSettlement = all(line, 'SpecifiedLineTradeSettlement')[0] ?? root
    return {
      net: units(all(lineSettlement, 'SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount')[0]?.text),
      category: all(lineSettlement, 'ApplicableTradeTax/CategoryCode')[0]?.text,
      rate: all(lineSettlement, 'ApplicableTradeTax/RateApplicablePercent')[0]?.text,
      price: units(all(line, 'SpecifiedLineTradeAgreement/NetPriceProductTradePrice/ChargeAmount')[0]?.text),
      quantity: units(all(line, 'SpecifiedLineTradeDelivery/BilledQuantity')[0]?.text),
    }
  })
  const groups = all(settlement, 'ApplicableTradeTax').map(group => ({
    base: units(all(group, 'BasisAmount')[0]?.text),
    tax: units(all(group, 'CalculatedAmount')[0]?.text),
    category: all(group, 'CategoryCode')[0]?.text ?? '',
    rate: all(group, 'RateApplicablePercent')[0]?.text,
    reason: all(group, 'ExemptionReason')[0]?.text,
  }))
  const party = (who: string) => all(transaction, `ApplicableHeaderTradeAgreement/${who}TradeParty`)[0] ?? root
  const vatOf = (who: string) =>
    all(party(who), 'SpecifiedTaxRegistration/ID').filter(id => id.attributes.schemeID === 'VA')
  const taxed = all(party('Seller'), 'SpecifiedTaxRegistration/ID').length > 0
  const identified =
    vatOf('Seller').length +
    all(party('Seller'), 'ID').length +
    all(party('Seller'), 'SpecifiedLegalOrganization/ID').length
  const has = (category: string) => groups.some(group => group.category === category)
  // The least unit of the currency. Prices that hold the tax round once more, and the official artefacts allow far more.
  const decimals = /\.(\d+)/.exec(all(totals, 'GrandTotalAmount')[0]?.text ?? '')?.[1]?.length ?? 0
  const cent = 10n ** BigInt(6 - decimals)
  const near = (a: bigint, b: bigint) => a - b <= cent && b - a <= cent
  const rules: Record<string, boolean> = {
    'BR-CO-10': total('LineTotalAmount') === sum(lines.map(line => line.net)),
    'BR-CO-13':
      total('TaxBasisTotalAmount') ===
      total('LineTotalAmount') - total('AllowanceTotalAmount') + total('ChargeTotalAmount'),
    'BR-CO-14': units(taxTotals[0]?.text) === sum(groups.map(group => group.tax)) && taxTotals.length === 1,
    'BR-CO-15': total('GrandTotalAmount') === total('TaxBasisTotalAmount') + units(taxTotals[0]?.text),
    'BR-CO-16': total('DuePayableAmount') === total('GrandTotalAmount') - total('TotalPrepaidAmount'),
    'BR-CO-17': groups.every(({ base, rate, tax }) => near((base * units(rate)) / 100_000_000n, tax)),
    'BR-CO-18': groups.length > 0,
    'BR-CO-25':
      total('DuePayableAmount') <= 0n || all(settlement, 'SpecifiedTradePaymentTerms/DueDateDateTime').length === 1,
    'BR-CO-26': identified > 0,
    'BR-07': all(party('Buyer'), 'Name').length === 1,
    'BR-09': all(party('Seller'), 'PostalTradeAddress/CountryID').length === 1,
    'BR-11': all(party('Buyer'), 'PostalTradeAddress/CountryID').length === 1,
    'BR-16': lines.length > 0,
    'BR-27': lines.every(line => line.price >= 0n),
    'BR-48': groups.every(({ category, rate }) => (category === 'O') === (rate === undefined)),
    'BR-53': all(settlement, 'TaxCurrencyCode').length === all(totals, 'TaxTotalAmount').length - 1,
    'BR-*-08': groups.every(
      ({ base, category, rate }) =>
        base === sum(lines.filter(line => line.category === category && line.rate === rate).map(line => line.net)),
    ),
    'BR-*-01': lines.every(line => groups.some(one => one.category === line.category && one.rate === line.rate)),
    'BR-*-09': groups.every(({ category, tax }) => category === 'S' || tax === 0n),
    'BR-*-10': groups.every(({ category, reason }) => ['S', 'Z'].includes(category) === (reason === undefined)),
    'BR-S-02': !has('S') || taxed,
    'BR-S-05': groups.every(({ category, rate }) => category !== 'S' || units(rate) > 0n),
    'BR-E-02': !has('E') || taxed,
    'BR-AE-02': !has('AE') || (taxed && vatOf('Buyer').length === 1),
    'BR-O-02': !has('O') || vatOf('Seller').length + vatOf('Buyer').length === 0,
    'BR-O-11': !has('O') || groups.length === 1,
    // Of Peppol (R120), as EN 16931 itself leaves it open.
    'quantity × price': lines.every(({ net, price, quantity }) => {
      const off = (price * quantity) / 1_000_000n - net
      return off <= 2n * cent && -off <= 2n * cent
    }),
  }
  return Object.keys(rules).filter(name => rules[name] === false)
}
