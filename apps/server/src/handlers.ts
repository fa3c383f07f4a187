import type { App } from './context.ts'
import type { Handlers } from './http/implement.ts'
import { accountExtensions, accountHandlers } from './modules/accounts/index.ts'
import { billingHandlers } from './modules/billing/index.ts'
import { catalogHandlers } from './modules/catalog/index.ts'
import { contactHandlers } from './modules/contacts/index.ts'
import { dnsHandlers } from './modules/dns/index.ts'
import { documentHandlers } from './modules/documents/index.ts'
import { orderHandlers } from './modules/orders/index.ts'
import { paymentExtensions, paymentHandlers } from './modules/payments/index.ts'
import { clockExtensions } from './modules/renewals/index.ts'
import { serviceExtensions, serviceHandlers } from './modules/services/index.ts'
import { authHandlers, type Sessions, signInExtensions } from './modules/sessions/index.ts'

/** What carries each operation of the contract out. */
export function handlersOf(app: App, sessions: Sessions): Handlers {
  return {
    auth: authHandlers(sessions),
    account: accountHandlers,
    contacts: contactHandlers,
    cart: { ...catalogHandlers, ...orderHandlers },
    billing: { ...billingHandlers, ...paymentHandlers, ...documentHandlers(app) },
    services: serviceHandlers,
    dns: dnsHandlers(app),
    extensions: {
      ...accountExtensions,
      ...signInExtensions(sessions),
      ...clockExtensions,
      ...serviceExtensions,
      ...paymentExtensions,
    },
  }
}
