import { bankMethod, freshCard, freshDebt } from './payments.ts'
import type { World } from './world.ts'

export interface Call {
  readonly input: Readonly<Record<string, unknown>>
  /** Sent without the owner's token: what the operation needs is in its input. */
  readonly anonymous?: boolean
  /** The ids in its path are those of the provider: every account is answered alike. */
  readonly ofProvider?: boolean
  /** Changes nothing, although it is no GET. */
  readonly onlyAsks?: boolean
}

/**
 * For every operation that is carried out, a call by the owner of the world's account that succeeds. The gates call each
 * one as the owner, as a stranger, as a contact without privileges and as nobody. A new operation needs an entry here.
 */
export const calls: Readonly<Record<string, (world: World) => Call | Promise<Call>>> = {
  'auth.login': world => ({ input: { username: world.email, password: world.password }, anonymous: true }),
  'auth.logout': () => ({ input: {} }),
  'auth.refreshToken': async world => ({ input: { refresh_token: await world.freshRefreshToken() }, anonymous: true }),
  'auth.revokeToken': async world => ({ input: { refresh_token: await world.freshRefreshToken() }, anonymous: true }),
  'account.getDetails': () => ({ input: {} }),
  'account.updateDetails': () => ({ input: { city: 'Tartu' } }),
  'account.listLogs': () => ({ input: {} }),
  'contacts.listContacts': () => ({ input: {} }),
  'contacts.createContact': world => ({
    input: { email: world.freshEmail(), password: 'a long password', privileges: { support: ['tickets'] } },
  }),
  'contacts.listPrivileges': () => ({ input: {} }),
  'contacts.getContact': world => ({ input: { id: world.contactId } }),
  'contacts.updateContact': world => ({ input: { id: world.contactId, city: 'Narva' } }),
  'billing.getBalance': () => ({ input: {} }),
  'billing.listInvoices': async world => {
    await world.freshInvoice()
    return { input: {} }
  },
  'billing.getInvoice': async world => ({ input: { id: await world.freshInvoice() } }),
  'billing.applyCredit': async world => {
    await world.addCredit()
    return { input: { id: await world.freshInvoice(), amount: 4.5 } }
  },
  'billing.getInvoicePdf': async world => ({ input: { id: await world.freshInvoice() }, onlyAsks: true }),
  'billing.listPaymentMethods': () => ({ input: {} }),
  'billing.listPaymentFees': () => ({ input: {} }),
  'cart.listCategories': () => ({ input: {} }),
  'cart.listProducts': world => ({
    input: { category_id: world.catalogue.categories['web-hosting'] },
    ofProvider: true,
  }),
  'cart.getProduct': world => ({ input: { product_id: world.catalogue.products['web-m'] }, ofProvider: true }),
  'cart.orderProduct': world => ({
    input: { product_id: world.catalogue.products['web-m'], domain: 'example.org', cycle: 'm' },
    ofProvider: true,
  }),
  'cart.orderMany': world => ({ input: { items: orderedLines(world, `${world.freshLabel()}.org`) } }),
  'cart.quote': world => ({ input: { items: orderedLines(world, 'example.org') }, onlyAsks: true }),
  'dns.listZones': () => ({ input: {} }),
  'dns.listServiceZones': world => ({ input: { service_id: world.serviceId } }),
  'dns.getZone': world => ({ input: { service_id: world.serviceId, zone_id: world.zoneId } }),
  'dns.createRecord': world => ({
    input: {
      service_id: world.serviceId,
      zone_id: world.zoneId,
      name: world.freshLabel(),
      type: 'A',
      content: '192.0.2.7',
    },
  }),
  'dns.updateRecord': async world => ({
    input: {
      service_id: world.serviceId,
      zone_id: world.zoneId,
      record_id: await world.freshRecord(),
      content: '192.0.2.8',
    },
  }),
  'dns.deleteRecord': async world => ({
    input: { service_id: world.serviceId, zone_id: world.zoneId, record_id: await world.freshRecord() },
  }),
  'dns.createZone': world => ({ input: { service_id: world.serviceId, name: `${world.freshLabel()}.example` } }),
  'dns.deleteZone': async world => ({ input: { service_id: world.serviceId, zone_id: await world.freshZone() } }),
  'services.listServices': () => ({ input: {} }),
  'services.getService': world => ({ input: { id: world.serviceId } }),
  'services.listUpgrades': async world => ({ input: { id: (await world.freshBought()).serviceId } }),
  'services.upgradeService': async world => {
    const { serviceId, largerProductId } = await world.freshBought()
    return { input: { id: serviceId, package: largerProductId, send: true } }
  },
  'services.renewService': async world => ({ input: { id: (await world.freshBought()).serviceId } }),
  'services.getCycle': async world => ({ input: { id: (await world.freshBought()).serviceId } }),
  'services.setCycle': async world => ({ input: { id: (await world.freshBought()).serviceId, cycle: 'a' } }),
  'extensions.getServiceChange': async world => ({ input: { id: await world.freshChange() } }),
  'extensions.cancelServiceChange': async world => ({ input: { id: await world.freshChange() } }),
  'extensions.signup': world => ({
    input: { email: world.freshEmail(), password: 'a long password' },
    anonymous: true,
  }),
  'extensions.requestPasswordReset': world => ({ input: { email: world.email }, anonymous: true }),
  'extensions.verifyMfa': async world => ({ input: await world.freshChallenge(), anonymous: true }),
  'extensions.createToken': () => ({ input: { name: 'a script', allowed_addresses: ['127.0.0.1'] } }),
  'extensions.listTokens': async world => {
    await world.freshPersonalToken()
    return { input: {} }
  },
  'extensions.deleteToken': async world => ({ input: { id: await world.freshPersonalToken() } }),
  'extensions.payInvoice': async world => ({
    input: { id: await freshDebt(world), pay_method: await bankMethod(world) },
  }),
  'extensions.listCards': async world => {
    await freshCard(world)
    return { input: {} }
  },
  'extensions.deleteCard': async world => ({ input: { id: await freshCard(world) } }),
  'extensions.getIpAccess': async world => {
    await world.allowLoopback()
    return { input: {} }
  },
  'extensions.updateIpAccess': () => ({ input: { allowed_addresses: ['127.0.0.0/8', '::1'] } }),
  'extensions.getClock': () => ({ input: {} }),
  'extensions.moveClock': () => ({ input: { advance: { seconds: 1 } } }),
}

/** A product and a domain, as the examples of the contract order them. */
function orderedLines({ catalogue: { products, tlds } }: World, name: string) {
  return [
    { type: 'product', product_id: products['web-m'], domain: name, cycle: 'a' },
    { type: 'domain', tld_id: tlds['.org'], name, action: 'register', years: 1 },
  ]
}
