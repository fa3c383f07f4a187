import { countryCodes } from '@innkeeper/contract'
import { dayOf, formatPercent, parsePercent, stateCode, taxCountries, wholePercent } from '@innkeeper/money'
import type { Context } from '../../context.ts'
import { badField, Refusal } from '../../refusal.ts'
import { readDateTime } from '../../wire-time.ts'
import { audit } from '../audit/index.ts'
import { type DatedRate, putRate } from './rate-store.ts'

/** A rate as an operator writes it. */
export interface SentRate {
  readonly country: string
  readonly state?: string
  readonly percent: string
  readonly validFrom: string
  readonly level?: string
  readonly name?: string
}

/** Sets a tax of a place from a day on; what holds by then ends with the day before. 0 ends a tax. */
export async function setTaxRate(ctx: Context, sent: SentRate): Promise<DatedRate> {
  const rate = readRate(sent)
  const tx = await ctx.begin()
  const today = dayOf(ctx.business.now(), ctx.config.timeZone)
  if (!(await putRate(tx, rate, today))) throw new Refusal('conflict', { fields: { validFrom: ['conflict'] } })
  await audit(ctx, tx, {
    event: 'tax.rate_set',
    description: `${rate.name} of ${[rate.country, rate.state].filter(Boolean).join('/')} is ${rate.percent} % from ${rate.validFrom}`,
    detail: { ...rate },
    accountId: null,
  })
  return rate
}

function readRate({ country, state = '', percent, validFrom, level = '1', name = 'VAT' }: SentRate): DatedRate {
  const sent = country.trim().toUpperCase()
  const code = taxCountries[sent] ?? sent
  const value = parsePercent(percent)
  if (!countryCodes.has(code)) throw badField('country', 'field_format_error')
  if (value === undefined || BigInt(value) >= wholePercent) throw badField('percent', 'field_format_error')
  if (!/^\d{4}-\d\d-\d\d$/.test(validFrom) || readDateTime(validFrom, 'UTC') === undefined)
    throw badField('validFrom', 'field_format_error')
  if (level !== '1' && level !== '2') throw badField('level', 'field_format_error')
  if (name.trim() === '') throw badField('name', 'field_empty_error')
  return {
    country: code,
    state: stateCode(code, state),
    level: level === '1' ? 1 : 2,
    name: name.trim(),
    percent: formatPercent(value),
    validFrom,
  }
}
