/**
 * The privilege tree as the documents show it (contract: Privileges): lists of keys by area, and for services and
 * domains lists by id, with `full` for all of them.
 */
export interface PrivilegeTree {
  readonly billing?: readonly string[]
  readonly support?: readonly string[]
  readonly misc?: readonly string[]
  readonly services?: ObjectPrivileges
  readonly domains?: ObjectPrivileges
}
export interface ObjectPrivileges {
  readonly full?: 1
  readonly [id: string]: readonly string[] | 1 | undefined
}

export type Area = 'billing' | 'support' | 'misc'
export type ObjectArea = 'services' | 'domains'

/** Everything: what an owner has. */
export const areaKeys = {
  billing: ['emails', 'payinvoice', 'orders', 'balance', 'addfunds', 'creditcard'],
  support: ['newticket', 'tickets', 'closeticket', 'emails'],
  misc: ['editmain', 'emails', 'editipaccess', 'manageprofiles', 'affiliates', 'sms'],
} as const satisfies Record<Area, readonly string[]>
export const objectKeys = {
  services: ['basic', 'billing', 'cancelation', 'upgrade', 'notify', 'logindetails', 'dns', 'network', 'pdu', 'vms'],
  domains: [
    'basic',
    'renew',
    'notify',
    'contactinfo',
    'nameservers',
    'dns',
    'epp',
    'reglock',
    'idprotection',
    'emforwarding',
    'forwarding',
    'autorenew',
    'dnssec',
  ],
} as const satisfies Record<ObjectArea, readonly string[]>

export const ownerPrivileges: PrivilegeTree = { ...areaKeys, services: { full: 1 }, domains: { full: 1 } }

export function may(tree: PrivilegeTree, area: Area, key: string): boolean {
  return tree[area]?.includes(key) ?? false
}

/** Whether the tree gives `key` on the service or domain with this id. */
export function mayOn(tree: PrivilegeTree, area: ObjectArea, id: string, key: string): boolean {
  const objects = tree[area]
  if (objects === undefined) return false
  if (objects.full === 1) return true
  const keys = Object.hasOwn(objects, id) ? objects[id] : undefined
  return Array.isArray(keys) && keys.includes(key)
}

/** The ids on which the tree gives `key`, or 'all'. */
export function idsWith(tree: PrivilegeTree, area: ObjectArea, key: string): 'all' | string[] {
  const objects = tree[area] ?? {}
  if (objects.full === 1) return 'all'
  return Object.entries(objects).flatMap(([id, keys]) => (Array.isArray(keys) && keys.includes(key) ? [id] : []))
}
