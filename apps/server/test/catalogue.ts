import { readFile } from 'node:fs/promises'
import type { App } from '../src/context.ts'
import { applyImport } from '../src/modules/catalog/index.ts'
import { asOperator } from '../src/operator.ts'

/** The catalogue of the demo, which has one of everything, for tests that sell something. */
export interface TestCatalogue {
  /** The ids of products, categories, addons, TLDs and payment methods, by the key that the file gives them. */
  readonly products: Readonly<Record<string, string>>
  readonly categories: Readonly<Record<string, string>>
  readonly addons: Readonly<Record<string, string>>
  readonly tlds: Readonly<Record<string, string>>
  readonly paymentMethods: Readonly<Record<string, string>>
}

export function readDemoCatalogue(): Promise<string> {
  return readFile(new URL('../demo/catalogue.yaml', import.meta.url), 'utf8')
}

export async function importDemoCatalogue(app: App): Promise<TestCatalogue> {
  const source = await readDemoCatalogue()
  await asOperator(app, ctx => applyImport(ctx, source))
  const [products, categories, addons, tlds, methods] = await Promise.all([
    app.db.selectFrom('product').select(['key', 'id']).where('key', 'is not', null).execute(),
    app.db.selectFrom('category').select(['key', 'id']).execute(),
    app.db.selectFrom('addon').select(['key', 'id']).execute(),
    app.db.selectFrom('tld').select(['name as key', 'id']).execute(),
    app.db.selectFrom('payment_method').select(['key', 'id']).execute(),
  ])
  return {
    products: byKey(products),
    categories: byKey(categories),
    addons: byKey(addons),
    tlds: byKey(tlds),
    paymentMethods: byKey(methods),
  }
}

function byKey(rows: readonly { readonly key: string | null; readonly id: string }[]): Record<string, string> {
  return Object.fromEntries(rows.map(({ key, id }) => [key ?? '', id]))
}
