import { Type } from 'typebox'
import { needs, op } from '../op.ts'
import { DateTime, Day, Flag, Id, Money, OneOf, Page, paging } from '../wire.ts'

const Count = Type.String({ description: 'Number, as text' })
const affiliate = needs('misc', 'affiliates')

const Summary = Type.Object({
  id: Id,
  status: OneOf(['Active', 'Pending', 'Suspended']),
  date_created: DateTime,
  visits: Count,
  signups: Count,
  total_commissions: Money,
  total_withdrawn: Money,
  pending: Money,
  balance: Money,
  currency: Type.String({ description: 'ISO 4217' }),
  referral_url: Type.String(),
})
const Campaign = Type.Object({
  id: Id,
  name: Type.String(),
  code: Type.String(),
  url: Type.String(),
  visits: Count,
  signups: Count,
})
const Commission = Type.Object({
  id: Id,
  order_id: Id,
  invoice_id: Id,
  commission: Money,
  total: Money,
  status: OneOf(['Pending', 'Approved', 'Rejected']),
  paid: Flag,
  date_created: DateTime,
  datepaid: DateTime,
})
const Payout = Type.Object({
  id: Id,
  date: DateTime,
  amount: Money,
  method: Type.String(),
  status: OneOf(['Pending', 'Paid', 'Cancelled']),
  note: Type.String(),
})
const Voucher = Type.Object({
  id: Id,
  code: Type.String(),
  value: Type.String({ description: 'Percent or amount, by type' }),
  type: OneOf(['Percent', 'Fixed']),
  cycle: OneOf(['once', 'recurring'], 'Whether it lowers the first invoice or all of them'),
  expires: Day,
  num_usage: Count,
  max_usage: Count,
})
const CommissionPlan = Type.Object({
  id: Id,
  name: Type.String(),
  type: OneOf(['Percent', 'Fixed']),
  rate: Type.String(),
  recurring: Flag,
  enable_voucher: Flag,
})

/** What is earned by bringing in customers. */
export const affiliates = {
  getSummary: op({
    id: 'affiliates.getSummary',
    method: 'GET',
    path: '/affiliates/summary',
    summary: 'Your affiliate account',
    reply: Type.Object({ summary: Summary }),
    access: affiliate,
    errors: ['not_found'],
    examples: [
      {
        reply: {
          summary: {
            id: '5',
            status: 'Active',
            date_created: '2026-02-11 10:15:00',
            visits: '420',
            signups: '12',
            total_commissions: '96.40',
            total_withdrawn: '50.00',
            pending: '8.20',
            balance: '38.20',
            currency: 'EUR',
            referral_url: 'https://example.com/?a=5',
          },
        },
      },
    ],
    documents: 'D',
  }),
  listCampaigns: op({
    id: 'affiliates.listCampaigns',
    method: 'GET',
    path: '/affiliates/campaigns',
    summary: 'Campaigns',
    description: 'Links of yours that are counted apart.',
    input: paging,
    reply: Type.Object({ campaigns: Type.Array(Campaign), page: Type.Optional(Page) }),
    access: affiliate,
    examples: [
      {
        reply: {
          campaigns: [
            {
              id: '2',
              name: 'Autumn letter',
              code: 'autumn',
              url: 'https://example.com/?a=5&c=autumn',
              visits: '180',
              signups: '7',
            },
          ],
        },
      },
    ],
    documents: 'D',
  }),
  listCommissions: op({
    id: 'affiliates.listCommissions',
    method: 'GET',
    path: '/affiliates/commissions',
    summary: 'Commissions',
    input: paging,
    reply: Type.Object({ commissions: Type.Array(Commission), page: Type.Optional(Page) }),
    access: affiliate,
    examples: [
      {
        reply: {
          commissions: [
            {
              id: '31',
              order_id: '640',
              invoice_id: '5090',
              commission: '8.20',
              total: '82.00',
              status: 'Pending',
              paid: '0',
              date_created: '2026-10-19 17:02:11',
              datepaid: '0000-00-00 00:00:00',
            },
          ],
        },
      },
    ],
    documents: 'D',
  }),
  listPayouts: op({
    id: 'affiliates.listPayouts',
    method: 'GET',
    path: '/affiliates/payouts',
    summary: 'Payouts',
    input: paging,
    reply: Type.Object({ payouts: Type.Array(Payout), page: Type.Optional(Page) }),
    access: affiliate,
    examples: [
      {
        reply: {
          payouts: [
            {
              id: '4',
              date: '2026-07-01 09:00:00',
              amount: '50.00',
              method: 'Account credit',
              status: 'Paid',
              note: '',
            },
          ],
        },
      },
    ],
    documents: 'D',
  }),
  listVouchers: op({
    id: 'affiliates.listVouchers',
    method: 'GET',
    path: '/affiliates/vouchers',
    summary: 'Vouchers',
    description: 'Discount codes you may hand out; what is bought with them is credited to you.',
    input: paging,
    reply: Type.Object({ vouchers: Type.Array(Voucher), page: Type.Optional(Page) }),
    access: affiliate,
    examples: [
      {
        reply: {
          vouchers: [
            {
              id: '9',
              code: 'ADA10',
              value: '10.00',
              type: 'Percent',
              cycle: 'once',
              expires: '2027-01-31',
              num_usage: '3',
              max_usage: '50',
            },
          ],
        },
      },
    ],
    documents: 'D',
  }),
  listCommissionPlans: op({
    id: 'affiliates.listCommissionPlans',
    method: 'GET',
    path: '/affiliates/commissionplans',
    summary: 'Commission plans',
    description: 'What is paid for which sale.',
    input: paging,
    reply: Type.Object({ commissionplans: Type.Array(CommissionPlan), page: Type.Optional(Page) }),
    access: affiliate,
    examples: [
      {
        reply: {
          commissionplans: [
            { id: '1', name: 'Hosting', type: 'Percent', rate: '10.00', recurring: '1', enable_voucher: '1' },
          ],
        },
      },
    ],
    documents: 'D',
  }),
}
