import { Type } from 'typebox'
import { lists, needsOn, op } from '../op.ts'
import { DateTime, Day, Id, InId, Money, Page, paging } from '../wire.ts'
import { certificateOrders, exampleCsr } from './certificate-orders.ts'
import { CycleName } from './cycles.ts'
import { ServiceStatus } from './service-status.ts'

const CertificateStatus = Type.String({
  description: 'What the authority says: empty before it was asked, then e.g. processing, active, rejected, expired',
})

const CertificateRow = Type.Object({
  id: Id,
  domain: Type.String(),
  total: Money,
  status: ServiceStatus,
  billingcycle: CycleName,
  next_due: Day,
  category: Type.String(),
  category_url: Type.String(),
  name: Type.String(),
  cert_email: Type.String({ description: 'Where the authority asks for approval' }),
  cert_status: CertificateStatus,
  cert_expires: DateTime,
})

/** A contact as certificate authorities name the fields; one that is not set is empty. */
const CertificateContact = Type.Object({
  FName: Type.Optional(Type.String()),
  LName: Type.Optional(Type.String()),
  City: Type.Optional(Type.String()),
  State: Type.Optional(Type.String()),
  PostalCode: Type.Optional(Type.String()),
  EmailAddress: Type.Optional(Type.String()),
  Country: Type.Optional(Type.String()),
  Address1: Type.Optional(Type.String()),
  Address2: Type.Optional(Type.String()),
  Phone: Type.Optional(Type.Integer({ description: 'Digits only' })),
  OrgName: Type.Optional(Type.String()),
  PreFix: Type.Optional(Type.Integer({ description: 'Country calling code' })),
  JobTitle: Type.Optional(Type.String()),
})
/** Whom the certificate names; what is not known is "n/a". */
const Organization = Type.Object({
  state: Type.String(),
  country: Type.String(),
  name: Type.String(),
  unit: Type.String(),
  locality: Type.String(),
  postalcode: Type.String(),
  address2: Type.String(),
  address1: Type.String(),
})

const Certificate = Type.Object({
  id: Id,
  date_created: Day,
  domain: Type.String(),
  firstpayment: Money,
  total: Money,
  billingcycle: CycleName,
  next_due: Day,
  next_invoice: Day,
  status: ServiceStatus,
  label: Type.String(),
  name: Type.String(),
  cert_status: CertificateStatus,
  cert_expires: DateTime,
  csr: Type.String({ description: 'PEM' }),
  contacts: Type.Object({ admin: CertificateContact, billing: CertificateContact, tech: CertificateContact }),
  organization: Organization,
  cert_email: Type.String(),
  software: Type.String({ description: 'Id of the server software' }),
})

const exampleCertificate = '-----BEGIN CERTIFICATE-----\nMIIBtjCCAVugAwIB\n-----END CERTIFICATE-----\n'
const pem = ['application/x-pem-file'] as const

/** TLS certificates. */
export const certificates = {
  listCertificates: op({
    id: 'certificates.listCertificates',
    method: 'GET',
    path: '/certificate',
    summary: 'Certificates',
    input: paging,
    reply: Type.Object({ sslservices: Type.Array(CertificateRow), page: Type.Optional(Page) }),
    access: lists('services', 'basic'),
    examples: [
      {
        reply: {
          sslservices: [
            {
              id: '340',
              domain: 'shop.example.com',
              total: '14.00',
              status: 'Active',
              billingcycle: 'Annually',
              next_due: '2027-03-01',
              category: 'Certificates',
              category_url: 'certificates',
              name: 'Domain certificate',
              cert_email: 'hostmaster@example.com',
              cert_status: 'active',
              cert_expires: '2027-03-01 23:59:59',
            },
          ],
        },
      },
    ],
    documents: 'P',
  }),
  getCertificate: op({
    id: 'certificates.getCertificate',
    method: 'GET',
    path: '/certificate/{id}',
    summary: 'A certificate',
    input: { id: InId },
    reply: Type.Object({ service: Certificate }),
    access: needsOn('services', 'basic', 'id'),
    errors: ['not_found'],
    examples: [
      {
        request: { id: '340' },
        reply: {
          service: {
            id: '340',
            date_created: '2026-03-01',
            domain: 'shop.example.com',
            firstpayment: '14.00',
            total: '14.00',
            billingcycle: 'Annually',
            next_due: '2027-03-01',
            next_invoice: '2027-02-15',
            status: 'Active',
            label: 'The shop',
            name: 'Domain certificate',
            cert_status: 'active',
            cert_expires: '2027-03-01 23:59:59',
            csr: exampleCsr,
            contacts: {
              admin: {
                FName: 'Ada',
                LName: 'Byron',
                City: 'Tallinn',
                State: 'Harju',
                PostalCode: '10111',
                EmailAddress: 'ada@example.com',
                Country: 'EE',
                Address1: 'Harbour Street 5',
                Address2: '',
                Phone: 5_550_100,
                OrgName: 'n/a',
                PreFix: 372,
                JobTitle: 'n/a',
              },
              billing: {},
              tech: {},
            },
            organization: {
              state: 'Harju',
              country: 'EE',
              name: 'Example Shop',
              unit: 'n/a',
              locality: 'Tallinn',
              postalcode: '10111',
              address2: 'n/a',
              address1: 'Harbour Street 5',
            },
            cert_email: 'hostmaster@example.com',
            software: '2',
          },
        },
      },
    ],
    documents: 'P',
  }),
  getCertificateFile: op({
    id: 'certificates.getCertificateFile',
    method: 'GET',
    path: '/certificate/{id}/crt',
    summary: 'The issued certificate',
    description: '`Accept: application/x-pem-file` gets the file itself.',
    input: { id: InId },
    reply: Type.Object({ crt: Type.String({ description: 'PEM' }) }),
    alsoProduces: pem,
    file: { content: 'crt', encoding: 'text' },
    access: needsOn('services', 'basic', 'id'),
    errors: ['not_found', 'conflict'],
    examples: [{ request: { id: '340' }, reply: { crt: exampleCertificate } }],
    documents: 'P',
  }),
  getAuthorityFile: op({
    id: 'certificates.getAuthorityFile',
    method: 'GET',
    path: '/certificate/{id}/ca',
    summary: 'The certificates of the authority',
    description:
      'The chain between the certificate and the root. `Accept: application/x-pem-file` gets the file itself.',
    input: { id: InId },
    reply: Type.Object({ ca: Type.String({ description: 'PEM, one after the other' }) }),
    alsoProduces: pem,
    file: { content: 'ca', encoding: 'text' },
    access: needsOn('services', 'basic', 'id'),
    errors: ['not_found', 'conflict'],
    examples: [{ request: { id: '340' }, reply: { ca: exampleCertificate } }],
    documents: 'P',
  }),
  ...certificateOrders,
}
