import { momentOfDay, shiftDay, stateCode } from '@innkeeper/money'
import { productRows } from './file-product.ts'
import { checkPaid, FileRows, json, numbered } from './file-row-list.ts'
import type { Sections } from './file-sections.ts'

/** The rows of a file, and what no reader of a single value can see. */
export function rowsOf(sections: Sections, timeZone: string): FileRows {
  const rows = new FileRows()
  for (const [code, { decimals, rate }] of sections.currencies ?? [])
    rows.add('currency', `currencies/${code}`, null, { code }, { decimals, rate })
  for (const [position, [key, category]] of numbered(sections.categories))
    rows.add('category', `categories/${key}`, null, { key }, { ...category, position })
  for (const [key, { prices, ...addon }] of sections.addons ?? []) {
    rows.add(
      'addon',
      `addons/${key}`,
      null,
      { key },
      { ...addon, provisioner_options: json(addon.provisioner_options) },
    )
    checkPaid(rows, `addons/${key}`, addon.paytype, prices)
    rows.addPrices(`addons/${key}`, { addon: key }, prices)
  }
  for (const [position, [key, product]] of numbered(sections.products)) productRows(rows, key, product, position)
  tldRows(rows, sections.tlds)
  for (const [code, promo] of sections.promo_codes ?? []) promoRows(rows, code, promo, timeZone)
  for (const { country, state: sent, level, from, name, percent } of sections.tax_rates ?? []) {
    const state = stateCode(country, sent)
    const path = ['tax_rates', country, ...(state === '' ? [] : [state]), level, from].join('/')
    rows.add('tax_rate', path, null, { country, state, level, from }, { name, percent })
  }
  for (const [position, [key, method]] of numbered(sections.payment_methods)) {
    const { fixed_fees, options, ...rest } = method
    const values = { ...rest, fixed_fees: Object.fromEntries(fixed_fees), options: json(options), position }
    rows.add('payment_method', `payment_methods/${key}`, null, { key }, values)
  }
  return rows
}

const actionNames = ['register', 'transfer', 'renew', 'redemption'] as const

function tldRows(rows: FileRows, tlds: Sections['tlds']): void {
  for (const [position, [name, tld]] of numbered(tlds)) {
    const path = `tlds/${name}`
    const { prices, registrar_options, ...rest } = tld
    rows.add('tld', path, null, { name }, { ...rest, registrar_options: json(registrar_options), position })
    for (const [currency, actions] of prices)
      for (const action of actionNames)
        for (const [cycle, price] of actions[action]) {
          const ids = { tld: name, currency, cycle, action }
          rows.add('price', `${path}/prices/${currency}/${action}/${cycle}`, path, ids, { price, setup: '0' })
        }
  }
}

type FilePromo = NonNullable<Sections['promo_codes']> extends ReadonlyMap<string, infer Promo> ? Promo : never

function promoRows(rows: FileRows, code: string, promo: FilePromo, timeZone: string): void {
  const path = `promo_codes/${code}`
  const { percent, amounts, starts, ends, products, addons, tlds, ...rest } = promo
  if ((percent === null) === (amounts === null)) rows.wrong(path, 'takes either percent or amounts off')
  if (amounts?.size === 0) rows.wrong(`${path}/amounts`, 'needs an amount')
  if (starts !== null && ends !== null && ends < starts) rows.wrong(`${path}/ends`, 'is before the day it starts')
  rows.add(
    'promo_code',
    path,
    null,
    { code },
    {
      ...rest,
      kind: percent === null ? 'fixed' : 'percent',
      percent,
      amounts: amounts === null ? null : Object.fromEntries(amounts),
      starts: starts === null ? null : momentText(starts, timeZone),
      // The last day is one of them.
      ends: ends === null ? null : momentText(shiftDay(ends, 1), timeZone),
    },
  )
  for (const [word, name, targets] of [
    ['products', 'product', products],
    ['addons', 'addon', addons],
    ['tlds', 'tld', tlds],
  ] as const)
    for (const [key, { max_uses }] of targets)
      rows.add('promo_target', `${path}/${word}/${key}`, path, { code, [name]: key }, { max_uses })
}

function momentText(day: string, timeZone: string): string {
  return momentOfDay(day, timeZone).toISOString().replace('.000Z', 'Z')
}
