import { Type } from 'typebox'
import { op, staffWith } from '../op.ts'
import { Id, InBoolean, Info, InId, InText, OneOf } from '../wire.ts'
import { Currency, DecimalAmount, IdOrNull, listing, MomentOrNull, Next, TextOrNull } from './wire.ts'

const rowFields = {
  id: Id,
  key: TextOrNull,
  name: Type.String(),
  category_id: IdOrNull,
  kind: Type.String(),
  paytype: Type.String(),
  stock: Type.Union([Type.Integer(), Type.Null()], { description: 'What is left; null: not counted' }),
  provision_on: Type.String(),
  provisioner: Type.String(),
  services: Type.Integer({ description: 'How many are pending, running or suspended' }),
  retired_at: MomentOrNull,
}
const exampleRow = {
  id: '7',
  key: 'web-small',
  name: 'Web hosting',
  category_id: '2',
  kind: 'hosting',
  paytype: 'Regular',
  stock: null,
  provision_on: 'payment',
  provisioner: 'manual',
  services: 41,
  retired_at: null,
}
const Price = Type.Object({
  item_id: IdOrNull,
  currency: Currency,
  cycle: Type.String(),
  price: DecimalAmount,
  setup: DecimalAmount,
})
const Field = Type.Object({
  id: Id,
  key: Type.String(),
  type: Type.String(),
  title: Type.String(),
  items: Type.Array(Type.Object({ id: Id, key: Type.String(), title: Type.String() })),
})
const Change = Type.Object({
  what: OneOf(['add', 'change', 'retire', 'remove']),
  path: Type.String(),
  name: Type.String(),
  fields: Type.Array(Type.Object({ name: Type.String(), from: Type.String(), to: Type.String() })),
})
const exampleChange = {
  what: 'change' as const,
  path: 'products/web-small/prices/EUR/m',
  name: '',
  fields: [{ name: 'price', from: '20.00', to: '22.00' }],
}
const exampleFile = 'products:\n  web-small: { name: Web hosting, prices: { EUR: { m: 22.00 } } }\n'
const exampleFingerprint = 'bc9a5f8d7e1f60c1d2a4b7e93f05a6c8d1e2f3a4b5c6d7e8f90a1b2c3d4e5f60'
const inSource = InText(1_000_000, 'The file, YAML or JSON (docs/catalogue.md)')

/** What is for sale. It is changed by importing a reviewed file. */
export const catalogue = {
  listProducts: op({
    id: 'staff.catalogue.listProducts',
    method: 'GET',
    path: '/products',
    summary: 'Products',
    input: {
      ...listing,
      category_id: Type.Optional(InId),
      retired: Type.Optional(InBoolean('Only those that are, or are not, sold any more')),
    },
    reply: Type.Object({ products: Type.Array(Type.Object(rowFields)), next: Next }),
    access: staffWith('read'),
    examples: [{ reply: { products: [exampleRow], next: null } }],
  }),
  getProduct: op({
    id: 'staff.catalogue.getProduct',
    method: 'GET',
    path: '/products/{id}',
    summary: 'A product with its prices and form',
    description: 'Prices with an `item_id` are those of an item of the form.',
    input: { id: InId },
    reply: Type.Object({
      product: Type.Object({
        ...rowFields,
        description: Type.String(),
        tags: Type.Array(Type.String()),
        prices: Type.Array(Price),
        fields: Type.Array(Field),
      }),
    }),
    access: staffWith('read'),
    errors: ['not_found'],
    examples: [
      {
        request: { id: '7' },
        reply: {
          product: {
            ...exampleRow,
            description: 'A place for a web site',
            tags: ['popular'],
            prices: [
              { item_id: null, currency: 'EUR', cycle: 'm', price: '20.00', setup: '5.00' },
              { item_id: '10002', currency: 'EUR', cycle: 'm', price: '3.00', setup: '0.00' },
            ],
            fields: [
              {
                id: '1001',
                key: 'disk',
                type: 'select',
                title: 'Disk',
                items: [
                  { id: '10001', key: 'small', title: '10 GB' },
                  { id: '10002', key: 'large', title: '50 GB' },
                ],
              },
            ],
          },
        },
      },
    ],
  }),
  planImport: op({
    id: 'staff.catalogue.planImport',
    method: 'POST',
    path: '/catalogue/plan',
    summary: 'What importing a file would change',
    description: 'Changes nothing. `problems` says all that is wrong with a file that cannot be imported, and where.',
    input: { source: inSource },
    reply: Type.Object({
      changes: Type.Array(Change),
      problems: Type.Array(Type.String()),
      fingerprint: TextOrNull,
    }),
    access: staffWith('catalogue'),
    replayable: false,
    examples: [
      {
        request: { source: exampleFile },
        reply: { changes: [exampleChange], problems: [], fingerprint: exampleFingerprint },
      },
    ],
  }),
  applyImport: op({
    id: 'staff.catalogue.applyImport',
    method: 'POST',
    path: '/catalogue/import',
    summary: 'Import a file',
    description:
      'Does what the plan with this `fingerprint` said, or refuses with `conflict` where the catalogue was changed since.',
    input: { source: inSource, fingerprint: InText(64) },
    reply: Type.Object({ changes: Type.Array(Change), info: Info }),
    access: staffWith('catalogue'),
    errors: ['conflict'],
    examples: [
      {
        request: { source: exampleFile, fingerprint: exampleFingerprint },
        reply: { changes: [exampleChange], info: ['catalogue_imported'] },
      },
    ],
  }),
}
