import type { Contract, InputOf } from '@innkeeper/contract'
import { badField, Refusal } from '../../refusal.ts'
import type { OrderLine, ProductLine, SentLine } from './order-line.ts'

type WireLine = InputOf<Contract['cart']['orderMany']>['items'][number]
type WireChoices = Pick<
  WireLine,
  'domain' | 'cycle' | 'custom' | 'addon' | 'addon_cycles' | 'subproducts' | 'subproducts_cycles'
>

const id = /^[1-9]\d{0,17}$/

/** The lines as they were sent, each read for itself: one that makes no sense hides none of the others. */
export function readLines(sent: readonly WireLine[]): SentLine[] {
  return sent.map((line, index) => {
    try {
      return { index, line: readLine(line) }
    } catch (error) {
      if (error instanceof Refusal) return { index, line: error }
      throw error
    }
  })
}

function readLine(sent: WireLine): OrderLine {
  if (sent.type === 'product') return productLine(mustBeId('product_id', sent.product_id), sent)
  const { action } = sent
  if (action === undefined || action === '') throw badField('action', 'field_empty_error')
  if (action === 'renew') {
    return { kind: 'renew', domainId: mustBeId('domain_id', sent.domain_id), years: readYears(sent.years) }
  }
  if (action !== 'register' && action !== 'transfer') throw badField('action', 'field_format_error')
  return {
    kind: action,
    tldId: mustBeId('tld_id', sent.tld_id),
    name: sent.name ?? '',
    years: readYears(sent.years),
    eppCode: sent.epp?.trim() ?? '',
  }
}

/** The line of a product with what was chosen about it, also where it is the whole of an order. */
export function productLine(productId: string, sent: WireChoices): ProductLine {
  return {
    kind: 'product',
    productId,
    hostName: sent.domain ?? '',
    cycle: sent.cycle,
    custom: sent.custom,
    addons: { chosen: sent.addon, cycles: sent.addon_cycles },
    subproducts: { chosen: sent.subproducts, cycles: sent.subproducts_cycles },
  }
}

function readYears(sent: number | undefined): number {
  if (sent === undefined) throw badField('years', 'field_empty_error')
  if (!Number.isInteger(sent) || sent < 1 || sent > 10) throw badField('years', 'field_format_error')
  return sent
}

function mustBeId(field: string, sent: string | undefined): string {
  if (sent === undefined || sent === '') throw badField(field, 'field_empty_error')
  if (!id.test(sent)) throw badField(field, 'field_format_error')
  return sent
}
