/*
 * What a catalogue may name as a driver. A misspelt one is refused at import, not found out when the first customer has
 * paid.
 */

/** Who makes services; roles/jobs.ts has the provisioner of each. */
export const provisionerNames = ['none', 'manual', 'dns'] as const
export type ProvisionerName = (typeof provisionerNames)[number]

export const paymentDriverNames = ['bank', 'stripe', 'credit'] as const

/** Unless one is named, staff register, and say when it is done. */
export const registrarNames = ['manual', 'none'] as const

/** `none`: the provisioner of the product sees to its addons. */
export const addonProvisionerNames = ['none', 'manual'] as const
