import { readFile } from 'node:fs/promises'
import { afterAll, expect, test } from 'vitest'
import { testApp } from '../../../test/app.ts'
import { readDemoCatalogue } from '../../../test/catalogue.ts'
import { asOperator } from '../../operator.ts'
import { Place, type Problem } from './file-problems.ts'
import { sectionsReader } from './file-sections.ts'
import { applyImport, planImport } from './import-catalogue.ts'

const app = await testApp()
afterAll(() => app.close())
const text = await readFile(new URL('../../../../../docs/catalogue.md', import.meta.url), 'utf8')
const examples = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => yaml).join('')

test('the examples of the documentation are a catalogue', async () => {
  const plan = await asOperator(app, ctx => applyImport(ctx, examples))
  const sections = new Set(plan.changes.map(({ path }) => path.split('/')[0] ?? ''))
  expect([...sections].sort()).toEqual([...text.matchAll(/^## (\w+)$/gm)].map(([, section]) => section).sort())
  expect((await planImport(app, examples)).changes).toEqual([])
})

/** For each kind of thing, a file whose only mistake is a key `x` in it. */
const mistaken = {
  top: { x: 1 },
  currency: { currencies: { EUR: { x: 1 } } },
  category: { categories: { a: { x: 1 } } },
  addon: { addons: { a: { x: 1 } } },
  product: { products: { a: { x: 1 } } },
  field: { products: { a: { form: { f: { x: 1 } } } } },
  item: { products: { a: { form: { f: { items: { i: { x: 1 } } } } } } },
  tld: { tlds: { '.a': { x: 1 } } },
  actions: { tlds: { '.a': { prices: { EUR: { x: 1 } } } } },
  promo: { promo_codes: { AA: { x: 1 } } },
  rate: { tax_rates: [{ x: 1 }] },
  method: { payment_methods: { a: { x: 1 } } },
}

test.each(Object.entries(mistaken))('every key of a %s is documented', (_, file) => {
  const problems: Problem[] = []
  sectionsReader(new Map([['EUR', { code: 'EUR', exponent: 2 }]]))(file, new Place('', problems))
  const known = problems.flatMap(({ reason }) => /known are (.*)$/.exec(reason)?.[1]?.split(', ') ?? [])
  expect(known).not.toEqual([])
  expect(known.filter(key => !new RegExp(`\`${key}\`|^## ${key}$`, 'm').test(text))).toEqual([])
})

test('the demo sells in every currency what it sells', async () => {
  await asOperator(app, async ctx => applyImport(ctx, await readDemoCatalogue()))
  const prices = await app.db
    .selectFrom('price')
    .innerJoin('product', 'product.id', 'price.product_id')
    .where('product.retired_at', 'is', null)
    .select(({ fn }) => ['product.key', 'price.currency', fn.countAll<string>().as('cycles')])
    .groupBy(['product.key', 'price.currency'])
    .execute()
  const byProduct = new Map<string | null, Set<string>>()
  for (const { key, cycles } of prices) byProduct.set(key, (byProduct.get(key) ?? new Set()).add(cycles))
  expect([...byProduct].filter(([, counts]) => counts.size > 1)).toEqual([])
  expect(new Set(prices.map(({ currency }) => currency))).toEqual(new Set(['EUR', 'USD', 'JPY', 'KWD']))
})
