import { addPeriod, anchorDayOf, startOfDay } from '@innkeeper/money'
import { badField, Refusal } from '../../refusal.ts'
import { tldCharges } from '../catalog/index.ts'
import { lineName } from '../services/index.ts'
import type { Facts } from './facts.ts'
import { nameUnder } from './host-name.ts'
import type { DomainLine } from './order-line.ts'
import type { Taken } from './taken.ts'
import type { Thing } from './thing.ts'

const types = { register: 'Domain Register', transfer: 'Domain Transfer' } as const

/** A domain to be registered or transferred here. */
export function domainThing(line: DomainLine, index: number, facts: Facts, taken: Taken): Thing {
  const { now, timeZone, offers } = facts
  const tld = offers.tlds.get(line.tldId)
  if (tld === undefined || tld.retired) throw new Refusal('not_found', { fields: { tld_id: ['not_found'] } })
  if (line.name.trim() === '') throw badField('name', 'field_empty_error')
  const name = nameUnder(tld.name, line.name)
  if (name === undefined) throw badField('name', 'domain_format_error')
  const { cycle, charges } = tldCharges(tld, line.kind, line.years)
  if (line.kind === 'transfer' && tld.needsEppCode && line.eppCode === '') throw badField('epp', 'epp_code_error')
  if (taken.names.has(name)) throw badField('name', 'domain_already_exist')
  taken.names.add(name)
  const key = String(index)
  const startsAt = startOfDay(now, timeZone)
  const anchorDay = anchorDayOf(now, timeZone)
  const period = { startsAt, endsAt: addPeriod(startsAt, cycle, anchorDay, timeZone) }
  // Sold for these years, but perhaps not renewed for as many: then it costs what it cost at first.
  const renewal = tld.prices.get('renew')?.has(cycle) === true ? tldCharges(tld, 'renew', line.years).charges : charges
  return {
    ...{ key, index, name, config: {}, period, anchorDay },
    line: {
      key,
      type: types[line.kind],
      description: lineName(types[line.kind], name, period, timeZone),
      cycle,
      charges,
      laterCharges: renewal,
      taxed: tld.taxed,
    },
    what: { kind: 'domain', tld, action: line.kind, eppCode: line.eppCode },
  }
}
