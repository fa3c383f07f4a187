import type { FilePrices } from './file-prices.ts'
import { checkPaid, type FileRows, json, numbered } from './file-row-list.ts'
import type { FileField, FileProduct } from './file-sections.ts'

/** The rows of one product: itself, its prices, its form, and what it is sold with. */
export function productRows(rows: FileRows, key: string, product: FileProduct, position: number): void {
  const path = `products/${key}`
  const { prices, form, addons, subproducts, upgrades, provisioner_options, tags, features, ...rest } = product
  rows.add(
    'product',
    path,
    null,
    { key },
    {
      ...rest,
      tags: [...tags],
      features: [...features],
      provisioner_options: json(provisioner_options),
      position,
    },
  )
  checkPaid(rows, path, product.paytype, prices)
  rows.addPrices(path, { product: key }, prices)
  for (const [number, [fieldKey, field]] of numbered(form))
    fieldRows(rows, { path, key, product }, fieldKey, field, number)
  for (const [word, table, others] of [
    ['addons', 'product_addon', addons],
    ['subproducts', 'subproduct', subproducts],
    ['upgrades', 'product_upgrade', upgrades],
  ] as const) {
    for (const [index, other] of others.entries()) {
      if (other === key && word !== 'addons') rows.wrong(`${path}/${word}/${other}`, 'is the product itself')
      const values = word === 'upgrades' ? {} : { position: index + 1 }
      rows.add(table, `${path}/${word}/${other}`, path, { product: key, other }, values)
    }
  }
}

interface Owner {
  readonly path: string
  readonly key: string
  readonly product: FileProduct
}

function fieldRows(rows: FileRows, owner: Owner, key: string, field: FileField, position: number): void {
  const path = `${owner.path}/form/${key}`
  const { type, title, description, required, minimum, maximum, step, enableddefault, conditionals } = field
  const counts = type === 'qty' || type === 'slider'
  for (const [name, value] of Object.entries({ minimum, maximum, step }))
    if (value !== null && !counts) rows.wrong(`${path}/${name}`, `is for qty and slider, not for ${type}`)
  if (type === 'slider' && maximum === null) rows.wrong(`${path}/maximum`, 'is missing; a slider has an end')
  if (maximum !== null && maximum < (minimum ?? 0)) rows.wrong(`${path}/maximum`, 'is below the minimum')
  const config = {
    ...(enableddefault === null ? {} : { enableddefault }),
    ...(conditionals === null ? {} : { conditionals: json(conditionals) }),
  }
  const values = {
    type,
    title,
    description,
    required,
    minimum: minimum ?? 0,
    maximum,
    step: step ?? 1,
    config,
    position,
  }
  rows.add('form_field', path, owner.path, { product: owner.key, key }, values)
  itemRows(rows, owner, { path, key }, field)
}

/** The key of the only item of fields that offer no choice between several. */
const onlyItem = 'value'
const unpriced: FilePrices = new Map()

function itemRows(rows: FileRows, owner: Owner, { path, key }: { path: string; key: string }, field: FileField): void {
  const several = field.type === 'select' || field.type === 'radio'
  if (several && (field.items === null || field.items.size === 0))
    rows.wrong(`${path}/items`, `a ${field.type} needs items`)
  if (several && field.prices !== null) rows.wrong(`${path}/prices`, `the items of a ${field.type} have the prices`)
  if (!several && field.items !== null) rows.wrong(`${path}/items`, `a ${field.type} has none`)
  if (field.selected !== null && field.type !== 'checkbox')
    rows.wrong(`${path}/selected`, `is for a checkbox, or an item`)
  const only = { title: field.title, selected: field.selected ?? false, prices: field.prices ?? unpriced }
  const items = several ? (field.items ?? new Map<string, typeof only>()) : new Map([[onlyItem, only]])
  if ([...items.values()].filter(({ selected }) => selected).length > 1)
    rows.wrong(`${path}/items`, 'several are selected')
  for (const [position, [itemKey, { title, selected, prices }]] of numbered(items)) {
    const itemPath = `${path}/items/${itemKey}`
    rows.add(
      'form_item',
      itemPath,
      path,
      { product: owner.key, field: key, key: itemKey },
      { title, selected, position },
    )
    for (const [currency, byCycle] of prices)
      for (const cycle of byCycle.keys())
        if (!owner.product.prices.get(currency)?.has(cycle))
          rows.wrong(`${itemPath}/prices/${currency}/${cycle}`, 'the product itself is not sold so')
    rows.addPrices(itemPath, { product: owner.key, field: key, item: itemKey }, prices)
  }
}
