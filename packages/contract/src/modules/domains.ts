import { domainContacts } from './domain-contacts.ts'
import { domainDelegation } from './domain-delegation.ts'
import { domainOrders } from './domain-orders.ts'
import { domainRecords } from './domain-records.ts'
import { domainRegistration } from './domain-registration.ts'

/** Domain names: what is registered, where it points, who stands behind it, and how more are bought. */
export const domains = {
  ...domainRegistration,
  ...domainDelegation,
  ...domainRecords,
  ...domainContacts,
  ...domainOrders,
}
