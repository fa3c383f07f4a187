import { unsetDay } from '@innkeeper/contract'
import { type Cycle, cycleNames, dayOf, formatAmount, recurs } from '@innkeeper/money'
import type { SignedInContext } from '../../context.ts'
import { mayOn } from '../../privileges.ts'
import { secretOf } from './create-services.ts'
import { discounted } from './price.ts'
import type { ListedService, ShownService } from './read-store.ts'

type Named = keyof typeof cycleNames

/** A row of the list. `total` is the price of a period as the catalogue writes prices, after a discount that recurs. */
export function wireRow(ctx: Pick<SignedInContext, 'config'>, service: ListedService) {
  return {
    id: service.id,
    domain: service.name,
    total: totalOf(service),
    status: service.status,
    billingcycle: cycleNames[service.cycle as Named], // years are of domains, which are not among these
    next_due: wireDay(ctx, recurs(service.cycle) ? service.paidUntil : null),
    category: service.category,
    category_url: service.categoryKey,
    name: service.title,
  }
}

/** One service. The credentials are for those who may have them. */
export function wireDetails(ctx: SignedInContext, service: ShownService) {
  const { id, domain, total, billingcycle, next_due, status, name } = wireRow(ctx, service)
  const mayLogIn = mayOn(ctx.identity.privileges, 'services', service.id, 'logindetails')
  const { password } = service
  return {
    id,
    date_created: wireDay(ctx, service.createdAt),
    domain,
    firstpayment: formatAmount(service.firstPaymentMinor, currencyOf(service)),
    total,
    billingcycle,
    next_due,
    next_invoice: wireDay(ctx, service.nextInvoiceAt),
    status,
    label: service.label,
    username: mayLogIn ? service.username : '',
    password: mayLogIn && password !== null ? ctx.secrets.decrypt(secretOf.password, password).toString() : '',
    name,
  }
}

/** A day in the brand's time zone. */
export function wireDay({ config }: Pick<SignedInContext, 'config'>, moment: Date | null): string {
  return moment === null ? unsetDay : dayOf(moment, config.timeZone)
}

/** A cycle as forms have it: services here have no others. */
export function wireCycle(cycle: Cycle): Named {
  return cycle as Named // years are of domains
}

export function currencyOf({ currency, exponent }: Pick<ListedService, 'currency' | 'exponent'>) {
  return { code: currency, exponent }
}

function totalOf(service: ListedService): string {
  return formatAmount(discounted(service.priceMinor, service.discount), currencyOf(service))
}
