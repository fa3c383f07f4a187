import { account } from './modules/account.ts'
import { affiliates } from './modules/affiliates.ts'
import { auth } from './modules/auth.ts'
import { billing } from './modules/billing.ts'
import { cart } from './modules/cart.ts'
import { certificates } from './modules/certificates.ts'
import { contacts } from './modules/contacts.ts'
import { dns } from './modules/dns.ts'
import { domains } from './modules/domains.ts'
import { extensions } from './modules/extensions.ts'
import { network } from './modules/network.ts'
import { notifications } from './modules/notifications.ts'
import { services } from './modules/services.ts'
import { sms } from './modules/sms.ts'
import { statuses } from './modules/statuses.ts'
import { support } from './modules/support.ts'
import { vms } from './modules/vms.ts'
import type { AnyOperation } from './op.ts'

/** The whole surface, by module. */
export const contract = {
  auth,
  account,
  contacts,
  notifications,
  statuses,
  affiliates,
  billing,
  support,
  domains,
  certificates,
  services,
  network,
  vms,
  cart,
  dns,
  sms,
  extensions,
}
/** The surface as a type: what handlers have to fit. */
export type Contract = typeof contract

/**
 * Operations that are declared and not yet carried out; the server answers them 404 `invalid method`.
 * This list may only shrink: a test holds it equal to spec/planned.txt and within spec/planned-at-0.1.0.txt, which is never edited.
 */
export const planned = {
  notifications: ['listNotifications', 'listNewNotifications', 'acknowledgeNotification'],
  statuses: ['listStatuses', 'getStatus'],
  affiliates: ['getSummary', 'listCampaigns', 'listCommissions', 'listPayouts', 'listVouchers', 'listCommissionPlans'],
  support: [
    'listTickets',
    'getTicket',
    'getAttachment',
    'createTicket',
    'replyToTicket',
    'openTicket',
    'closeTicket',
    'listDepartments',
    'listNews',
    'getNews',
    'listKnowledgebase',
    'getKnowledgebaseCategory',
    'getKnowledgebaseArticle',
  ],
  domains: [
    'listDomains',
    'getDomain',
    'findDomain',
    'getEppCode',
    'synchronize',
    'getRegistrarLock',
    'setRegistrarLock',
    'setIdProtection',
    'getAutorenew',
    'setAutorenew',
    'getNameservers',
    'setNameservers',
    'changeGlueHost',
    'listDnssecFlags',
    'listDnssecKeys',
    'addDnssecKey',
    'deleteDnssecKey',
    'listRecords',
    'createRecord',
    'updateRecord',
    'deleteRecord',
    'listRecordTypes',
    'getContacts',
    'setContacts',
    'getEmailForwarding',
    'setEmailForwarding',
    'setForwarding',
    'lookUp',
    'listTlds',
    'getOrderForm',
    'orderDomain',
    'renewDomain',
  ],
  certificates: [
    'listCertificates',
    'getCertificate',
    'getCertificateFile',
    'getAuthorityFile',
    'listCertificateProducts',
    'listServerSoftware',
    'orderCertificate',
  ],
  services: ['getLabel', 'setLabel', 'listMethods', 'cancelService'],
  network: [
    'listAddresses',
    'listReverseDns',
    'setReverseDns',
    'getBandwidthGraphs',
    'getBandwidth',
    'listPowerPorts',
    'getPowerPort',
    'switchPowerPort',
  ],
  vms: [
    'listVms',
    'getVm',
    'createVm',
    'resizeVm',
    'deleteVm',
    'stopVm',
    'startVm',
    'shutDownVm',
    'rebootVm',
    'resetVm',
    'suspendVm',
    'unsuspendVm',
    'rebuildVm',
    'listTemplates',
    'listVmTemplates',
    'listRebuildTemplates',
    'listImages',
    'mountImage',
    'setBootOrder',
    'setTunTap',
    'resetPassword',
    'getResources',
    'getCpuUsage',
    'getNetworkUsage',
    'getMemoryUsage',
  ],
  sms: ['getBilling', 'listMessages', 'sendMessage'],
} as const satisfies { [M in keyof Contract]?: readonly (keyof Contract[M])[] }
/** {@link planned} as a type: which handlers may be missing. */
export type Planned = typeof planned

/** Every operation in one list, in the order of the modules. */
export const operations: readonly AnyOperation[] = Object.values(contract).flatMap(
  module => Object.values(module) as unknown as AnyOperation[], // each entry is an Operation of narrower types
)
