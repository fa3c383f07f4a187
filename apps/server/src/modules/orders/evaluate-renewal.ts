import { addPeriod, anchorDayOf, startOfDay } from '@innkeeper/money'
import { badField, Refusal } from '../../refusal.ts'
import { tldCharges } from '../catalog/index.ts'
import { lineName } from '../services/index.ts'
import type { Facts } from './facts.ts'
import type { OwnDomain } from './facts-store.ts'
import type { RenewalLine } from './order-line.ts'
import type { Taken } from './taken.ts'
import type { Thing } from './thing.ts'

/** A registry holds no domain for longer (the ten years of ICANN's registries, which others follow). */
const longest = 'y10'
const renewable: ReadonlySet<string> = new Set(['Active', 'Expired'])

/** More years for a domain of the account, from where its invoiced ones end. */
export function renewalThing(line: RenewalLine, index: number, facts: Facts, taken: Taken): Thing {
  const { now, timeZone } = facts
  const domain = facts.account.ownDomains.find(({ id }) => id === line.domainId)
  const tld = domain && facts.offers.tlds.get(domain.tldId)
  if (domain === undefined || tld === undefined)
    throw new Refusal('not_found', { fields: { domain_id: ['not_found'] } })
  const startsAt = endOf(domain)
  if (startsAt === undefined || !renewable.has(domain.status) || taken.renewed.has(domain.id)) throw notNow('domain_id')
  const { cycle, charges } = tldCharges(tld, 'renew', line.years)
  const anchorDay = domain.anchorDay ?? anchorDayOf(startsAt, timeZone)
  const endsAt = addPeriod(startsAt, cycle, anchorDay, timeZone)
  const today = startOfDay(now, timeZone)
  if (endsAt > addPeriod(today, longest, anchorDayOf(today, timeZone), timeZone)) throw notNow('years')
  taken.renewed.add(domain.id)
  const key = String(index)
  const period = { startsAt, endsAt }
  const description = lineName('Domain Renew', domain.name, period, timeZone)
  return {
    ...{ key, index, name: domain.name, config: {}, period, anchorDay },
    line: { key, type: 'Domain Renew', itemId: domain.id, description, cycle, charges, taxed: tld.taxed },
    what: { kind: 'renewal', tld, domain },
  }
}

/** When the years end that are paid for or stand on an invoice. */
function endOf({ expiresAt, invoicedUntil }: OwnDomain): Date | undefined {
  if (expiresAt === null || invoicedUntil === null) return expiresAt ?? invoicedUntil ?? undefined
  return expiresAt > invoicedUntil ? expiresAt : invoicedUntil
}

function notNow(field: string): Refusal {
  return badField(field, 'renewnotavailable')
}
