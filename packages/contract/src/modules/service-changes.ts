import { Type } from 'typebox'
import { needsOn, op } from '../op.ts'
import { Amount, Day, Id, InBoolean, Info, InId, InIdOf, InText, InTree, Money, OneOf, StatusTrue } from '../wire.ts'
import { CycleCode } from './cycles.ts'

const Resource = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  type: Type.String({ description: 'select, radio, checkbox, qty or slider' }),
  items: Type.Array(
    Type.Object({
      id: Id,
      name: Type.String(),
      price: Amount,
      setup_price: Amount,
      selected: Type.Boolean({ description: 'What the service has now' }),
    }),
  ),
})
/** Another product the service can become. */
const Package = Type.Object({
  id: Id,
  name: Type.String(),
  price: Amount,
  setup_price: Amount,
  cycle: CycleCode,
})
const Upgrade = Type.Object({
  charge: Type.String({ description: 'For the time until `next_due`, with setup and the fee of the payment method' }),
  credit: Type.String({
    description: 'What is left of the present period: without today where today was paid for at more',
  }),
  setup: Type.String({
    description:
      'Once, for what is new: it is in `charge`, or comes with the next period where the change waits for that',
  }),
  tax: Money,
  total: Type.String({ description: 'To pay now' }),
  new_total: Type.String({ description: 'To pay each period from then on' }),
  next_due: Day,
  items: Type.Array(Type.Object({ name: Type.String(), from: Type.String(), to: Type.String(), price: Money })),
})

const exampleUpgrade = {
  charge: '6.00',
  credit: '2.00',
  setup: '0.00',
  tax: '0.96',
  total: '4.96',
  new_total: '26.00',
  next_due: '2026-11-14',
  items: [{ name: 'Disk', from: '20 GB', to: '50 GB', price: '4.00' }],
}

/** What can be changed about a service that was bought: its size, its period, its end. */
export const serviceChanges = {
  listUpgrades: op({
    id: 'services.listUpgrades',
    method: 'GET',
    path: '/service/{id}/upgrade',
    summary: 'What a service can be upgraded to',
    input: { id: InId },
    reply: Type.Object({ resources: Type.Array(Resource), package: Type.Array(Package) }),
    access: needsOn('services', 'upgrade', 'id'),
    errors: ['not_found'],
    examples: [
      {
        request: { id: '332' },
        reply: {
          resources: [
            {
              id: 118,
              name: 'Disk',
              type: 'select',
              items: [
                { id: '740', name: '20 GB', price: 0, setup_price: 0, selected: true },
                { id: '741', name: '50 GB', price: 4, setup_price: 0, selected: false },
              ],
            },
          ],
          package: [{ id: '12', name: 'Web hosting L', price: 40, setup_price: 0, cycle: 'm' }],
        },
      },
    ],
    documents: 'PD',
  }),
  upgradeService: op({
    id: 'services.upgradeService',
    method: 'POST',
    path: '/service/{id}/upgrade',
    summary: 'Upgrade a service',
    description:
      'Without `send` it only computes what the change would cost; with `send` it is ordered, and made when its invoice is paid. What is left of the paid period is credited to the day (of an hourly service, to the hour; another cycle begins with its next day), from today on, or from tomorrow (the next hour) where today was paid for at more than it would cost: a day costs the dearest that was had on it. Of a credit above the charge, the rest becomes credit of the account; so does all of what was taxed otherwise than the change is, which then costs its whole charge. `charge` and `credit` are without tax, `setup` and `new_total` as the catalogue writes prices. Where nothing is chosen that the service has not, `items` is empty and nothing is to pay; with `send` that is `conflict`.',
    input: {
      id: InId,
      resources: Type.Optional(InTree('Chosen items, or quantities, by the id of the resource')),
      package: Type.Optional(InIdOf('Id of the product it becomes')),
      cycle: Type.Optional(CycleCode),
      apply: Type.Optional(
        OneOf(['now', 'renewal'], 'At once, paid for what is left of the period (default), or from the next period on'),
      ),
      send: Type.Optional(InBoolean('Whether to order it')),
    },
    reply: Type.Object({
      upgrade: Upgrade,
      order_num: Type.Optional(Type.Integer()),
      invoice_id: Type.Optional(Id),
      info: Type.Optional(Info),
    }),
    access: needsOn('services', 'upgrade', 'id'),
    errors: ['not_found', 'conflict', 'insufficient_credit'],
    examples: [
      {
        title: 'What would it cost?',
        request: { id: '332', resources: { '118': '741' } },
        reply: { success: true, upgrade: exampleUpgrade },
      },
      {
        title: 'Order it',
        request: { id: '332', resources: { '118': '741' }, send: true },
        reply: {
          success: true,
          upgrade: exampleUpgrade,
          order_num: 402993121,
          invoice_id: '5123',
          info: ['upgrade_order_success'],
        },
      },
    ],
    documents: 'PD',
  }),
  cancelService: op({
    id: 'services.cancelService',
    method: 'POST',
    path: '/service/{id}/cancel',
    summary: 'Cancel a service',
    description: 'Asks for its end: at once, or when the paid period is over.',
    input: {
      id: InId,
      immediate: Type.Optional(InBoolean('Whether it ends at once; otherwise when the paid period is over')),
      // Not required by the schema, so that a missing one is refused with the code that clients know.
      reason: Type.Optional(InText(5000, 'Needed; `empty_reason` without it')),
    },
    reply: Type.Object({ info: Info }),
    access: needsOn('services', 'cancelation', 'id'),
    errors: ['not_found', 'cancelled_already', 'empty_reason'],
    examples: [
      {
        request: { id: '332', immediate: false, reason: 'The shop has closed.' },
        reply: { info: ['cancell_sent'] },
      },
    ],
    documents: 'PD',
  }),
  renewService: op({
    id: 'services.renewService',
    method: 'POST',
    path: '/service/{id}/renew',
    summary: 'Renew a service now',
    description: 'Makes the invoice for the next period before its time.',
    input: { id: InId },
    reply: Type.Object({ status: StatusTrue, invoice_id: Id, info: Info }),
    access: needsOn('services', 'billing', 'id'),
    errors: ['not_found', 'renewnotavailable'],
    examples: [{ request: { id: '332' }, reply: { status: true, invoice_id: '5124', info: ['manualrenew_ok'] } }],
    documents: 'S',
  }),
  getCycle: op({
    id: 'services.getCycle',
    method: 'GET',
    path: '/service/{id}/cycle',
    summary: 'Billing cycle',
    description: 'The present cycle and what the service costs in each that can be chosen.',
    input: { id: InId },
    reply: Type.Object({
      current: CycleCode,
      cycles: Type.Record(Type.String(), Money, { description: 'Price by code of the cycle' }),
    }),
    access: needsOn('services', 'billing', 'id'),
    errors: ['not_found'],
    examples: [{ request: { id: '332' }, reply: { current: 'm', cycles: { m: '20.00', q: '58.00', a: '220.00' } } }],
    documents: 'S',
  }),
  setCycle: op({
    id: 'services.setCycle',
    method: 'POST',
    path: '/service/{id}/cycle',
    summary: 'Change the billing cycle',
    description: 'From the next invoice on.',
    input: {
      id: InId,
      cycle: OneOf(['h', 'd', 'w', 'm', 'q', 's', 'a', 'b', 't', 'p4', 'p5'], 'One of those on offer'),
    },
    reply: Type.Object({ info: Info }),
    access: needsOn('services', 'billing', 'id'),
    errors: ['not_found', 'conflict'],
    examples: [{ request: { id: '332', cycle: 'a' }, reply: { success: true, info: ['changebillingcycle_ok'] } }],
    documents: 'S',
  }),
}
