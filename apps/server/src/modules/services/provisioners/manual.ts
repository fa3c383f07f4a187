import type { Provisioner, ProvisionOutcome } from './provisioner.ts'

const byStaff = async (): Promise<ProvisionOutcome> => ({ state: 'waiting' })

/** Staff do it, and say so. */
export const manual: Provisioner = {
  create: byStaff,
  change: byStaff,
  suspend: byStaff,
  unsuspend: byStaff,
  terminate: byStaff,
}
