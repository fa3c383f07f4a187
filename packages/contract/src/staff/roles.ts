/** What one of the provider's own people is to the others. */
export const staffRoles = ['owner', 'billing', 'support', 'readonly'] as const
/** One of {@link staffRoles}. */
export type StaffRole = (typeof staffRoles)[number]

/** What somebody may do in the staff API, and who may. */
export interface StaffRightEntry {
  /** Completes "may …". */
  readonly meaning: string
  readonly roles: readonly StaffRole[]
}

/** The matrix of rights and roles: the server enforces it, the documents show it. */
export const staffRights = {
  read: {
    meaning: 'see clients, catalogue, orders, services, invoices, payments and jobs',
    roles: ['owner', 'billing', 'support', 'readonly'],
  },
  audit: { meaning: 'read the audit trail and run the audit of money', roles: ['owner', 'billing', 'readonly'] },
  orders: { meaning: 'accept and cancel orders and mark them as fraud', roles: ['owner', 'billing', 'support'] },
  services: {
    meaning: 'suspend, resume and terminate services, and provision them again',
    roles: ['owner', 'billing', 'support'],
  },
  clients: { meaning: 'park clients, and change their currency and tax', roles: ['owner', 'billing'] },
  invoices: { meaning: 'write, finalise, void and correct invoices, and give credit', roles: ['owner', 'billing'] },
  payments: {
    meaning: 'record payments, refund them, and assign what the bank received',
    roles: ['owner', 'billing'],
  },
  jobs: { meaning: 'run jobs again and delete them', roles: ['owner', 'support'] },
  catalogue: { meaning: 'load the catalogue', roles: ['owner'] },
  team: { meaning: 'manage the staff', roles: ['owner'] },
  clock: { meaning: 'move the business clock in test mode', roles: ['owner'] },
} as const satisfies Record<string, StaffRightEntry>
/** A row of the matrix. */
export type StaffRight = keyof typeof staffRights

/** Whether a role has a right. */
export function roleMay(role: StaffRole, right: StaffRight): boolean {
  const roles: readonly StaffRole[] = staffRights[right].roles
  return roles.includes(role)
}
