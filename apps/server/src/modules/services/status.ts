import { Refusal } from '../../refusal.ts'

export type ServiceStatus = 'Pending' | 'Active' | 'Suspended' | 'Terminated' | 'Cancelled' | 'Fraud'

/** Where a service can go from where it is. What is not here is refused. */
const next: Readonly<Record<ServiceStatus, readonly ServiceStatus[]>> = {
  Pending: ['Active', 'Cancelled', 'Fraud'],
  Active: ['Suspended', 'Terminated', 'Cancelled', 'Fraud'],
  Suspended: ['Active', 'Terminated', 'Cancelled', 'Fraud'],
  Terminated: [],
  Cancelled: [],
  Fraud: [],
}

/** What a provisioner has to bring about for a service in this status. */
export type WantedEnd = 'running' | 'suspended' | 'gone'

const ends: Readonly<Record<ServiceStatus, WantedEnd>> = {
  Pending: 'running',
  Active: 'running',
  Suspended: 'suspended',
  Terminated: 'gone',
  Cancelled: 'gone',
  Fraud: 'gone',
}

export function canBecome(from: ServiceStatus, to: ServiceStatus): boolean {
  return next[from].includes(to)
}

/** Refuses what the machine does not allow, with the status that does not. */
export function mustBecome(from: ServiceStatus, to: ServiceStatus): void {
  if (!canBecome(from, to)) throw new Refusal('conflict', { also: [from] })
}

export function wantedEnd(status: ServiceStatus): WantedEnd {
  return ends[status]
}

/** Nothing follows any more. */
export function isOver(status: ServiceStatus): boolean {
  return next[status].length === 0
}
