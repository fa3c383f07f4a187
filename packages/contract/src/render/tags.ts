/** How a module is headed on the reference page and described in the documents. */
export interface Tag {
  readonly title: string
  readonly description: string
}

/** One entry for each module of the contract, in the order the page shows them; a test holds the two equal. */
export const tags: Readonly<Record<string, Tag>> = {
  auth: { title: 'Signing in', description: 'Access tokens: get one, renew it, end it.' },
  account: { title: 'Account', description: 'Who you are to your provider, and what happened in your account.' },
  contacts: {
    title: 'Contacts',
    description: 'Other people of your account: who may sign in as themselves, and what they may do.',
  },
  notifications: { title: 'Notifications', description: 'Messages your provider has for you.' },
  statuses: { title: 'Status', description: 'Planned work and faults, with their progress.' },
  affiliates: { title: 'Affiliates', description: 'What you earn by bringing in customers.' },
  billing: { title: 'Billing', description: 'Balance, invoices and ways to pay.' },
  support: { title: 'Support', description: 'Tickets, news and the knowledge base.' },
  domains: {
    title: 'Domains',
    description: 'Registration, transfer and renewal, name servers, contacts, DNSSEC and forwarding of your domains.',
  },
  certificates: { title: 'Certificates', description: 'Order and download TLS certificates.' },
  services: { title: 'Services', description: 'The products you have: details, upgrades, cancellation.' },
  cart: { title: 'Ordering', description: 'What can be bought, its prices, and ordering it.' },
  dns: {
    title: 'DNS',
    description: 'Zones and their records. A change is answered by the name servers within a second.',
  },
  network: { title: 'Network', description: 'Addresses, reverse DNS, traffic and power outlets of a service.' },
  vms: { title: 'Virtual machines', description: 'Create, control and watch the machines of a service.' },
  sms: { title: 'SMS', description: 'Send text messages and see what was sent.' },
  extensions: {
    title: 'Extensions',
    description: 'What this server offers beyond the published operations: sign-up, second factor, personal tokens.',
  },
  'staff.session': { title: 'Signing in', description: 'Get a token of the staff API, and end it.' },
  'staff.team': { title: 'Staff', description: 'Who works here, in which role.' },
  'staff.clients': { title: 'Clients', description: 'The accounts of customers, with their credit and their terms.' },
  'staff.catalogue': { title: 'Catalogue', description: 'What is for sale, and importing a new list of it.' },
  'staff.orders': { title: 'Orders', description: 'Decide about the orders of clients.' },
  'staff.services': { title: 'Services', description: 'What clients have, and bringing it about.' },
  'staff.invoices': { title: 'Invoices', description: 'Invoices and credit notes of all clients.' },
  'staff.payments': { title: 'Payments', description: 'What came in, what went back, and what the bank received.' },
  'staff.jobs': { title: 'Jobs', description: 'Work that waits or was given up.' },
  'staff.audit': { title: 'Audit', description: 'Who did what, and whether the money adds up.' },
  'staff.clock': { title: 'Clock', description: 'The clock of money, which moves in test mode.' },
}

/** The module of an operation: `dns.getZone` belongs to `dns`, `staff.jobs.retryJob` to `staff.jobs`. */
export function moduleOf({ id }: { readonly id: string }): string {
  return id.slice(0, id.lastIndexOf('.'))
}

/** The title and description of a module. */
export function tagOf(module: string): Tag {
  return tags[module] ?? { title: module, description: '' }
}

/** The tags of some modules, in the order of {@link tags}. */
export function inReadingOrder(modules: ReadonlySet<string>): Tag[] {
  const known = Object.keys(tags).filter(module => modules.has(module))
  const others = [...modules].filter(module => tags[module] === undefined)
  return [...known, ...others].map(tagOf)
}
