import { Type } from 'typebox'
import { needs, op, signedIn } from '../op.ts'
import { Amount, Id, InId, InIdOf, InInteger, InText, InTree } from '../wire.ts'
import { inPayment, orderErrors, PlacedOrder, RecordedPlacedOrder } from './placed-order.ts'

const CatalogueProduct = Type.Object({
  id: Id,
  name: Type.String(),
  description: Type.String(),
  periods: Type.Array(Type.Object({ years: Type.Integer(), price: Amount, renew: Amount })),
  category: Type.String(),
  category_url: Type.String(),
})

/** The outline of a CSR (RFC 2986). */
export const exampleCsr = '-----BEGIN CERTIFICATE REQUEST-----\nMIHxMIGYAgEAMBYx\n-----END CERTIFICATE REQUEST-----\n'

/** Buying certificates. */
export const certificateOrders = {
  listCertificateProducts: op({
    id: 'certificates.listCertificateProducts',
    method: 'GET',
    path: '/certificate/order',
    summary: 'Certificates on sale',
    reply: Type.Object({ products: Type.Array(CatalogueProduct) }),
    access: signedIn,
    examples: [
      {
        reply: {
          products: [
            {
              id: '61',
              name: 'Domain certificate',
              description: 'One name, checked by mail, DNS or HTTP',
              periods: [{ years: 1, price: 14, renew: 14 }],
              category: 'Certificates',
              category_url: 'certificates',
            },
          ],
        },
      },
    ],
    documents: 'P',
  }),
  listServerSoftware: op({
    id: 'certificates.listServerSoftware',
    method: 'GET',
    path: '/certificate/order/{product_id}/software',
    summary: 'Server software',
    description: 'What an order of this product takes as `software`.',
    input: { product_id: InId },
    reply: Type.Object({ software: Type.Array(Type.Object({ id: Type.Integer(), name: Type.String() })) }),
    access: signedIn,
    errors: ['not_found'],
    examples: [
      {
        request: { product_id: '61' },
        reply: {
          software: [
            { id: 0, name: 'Other' },
            { id: 2, name: 'nginx' },
          ],
        },
      },
    ],
    documents: 'P',
  }),
  orderCertificate: op({
    id: 'certificates.orderCertificate',
    method: 'POST',
    path: '/certificate/order',
    summary: 'Order a certificate',
    description:
      'Contacts are ids of `/contact`; those that are not named are you. The authority is asked once the invoice is paid.',
    input: {
      product_id: InIdOf('Id of the product'),
      csr: InText(20_000, 'Certificate signing request, PEM'),
      years: InInteger(1, 10),
      ...inPayment,
      approver_email: InText(254, 'An address at the domain that the authority accepts'),
      admin: Type.Optional(InIdOf('Id of a contact')),
      tech: Type.Optional(InIdOf('Id of a contact')),
      billing: Type.Optional(InIdOf('Id of a contact')),
      organization: Type.Optional(
        InTree('state, country, name, unit, locality, postalcode, address1, address2; for certificates that name one'),
      ),
      software: Type.Optional(InInteger(0, 1_000_000, 'Id of the server software')),
      data: Type.Optional(InTree('What the product asks for besides')),
    },
    reply: PlacedOrder,
    recorded: RecordedPlacedOrder,
    access: needs('billing', 'orders'),
    errors: orderErrors,
    examples: [
      {
        request: {
          product_id: '61',
          csr: exampleCsr,
          years: 1,
          pay_method: '6',
          approver_email: 'hostmaster@example.com',
          admin: '49',
          software: 2,
        },
        reply: {
          order_num: 402993120,
          invoice_id: '5122',
          total: '17.36',
          items: { id: '341', type: 'Hosting', name: 'shop.example.com', product_id: '61' },
        },
      },
    ],
    documents: 'P',
  }),
}
