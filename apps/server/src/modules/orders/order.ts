import { Refusal } from '../../refusal.ts'

export type OrderStatus = 'Pending' | 'Active' | 'Cancelled' | 'Fraud'

/** What can become of an order. Once it is decided it stays so: what was paid is given back by refunds. */
const next: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  Pending: ['Active', 'Cancelled', 'Fraud'],
  Active: [],
  Cancelled: [],
  Fraud: [],
}

/** Refuses what the machine does not allow, with the status that does not. */
export function mustBecome(from: OrderStatus, to: OrderStatus): void {
  if (!next[from].includes(to)) throw new Refusal('conflict', { also: [from] })
}

/** An order of an account; every store function takes both. */
export interface OrderRef {
  readonly id: string
  readonly accountId: string
}
