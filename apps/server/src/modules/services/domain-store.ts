import { runSql, type Tx } from '../../db/database.ts'

/** Domains that run last as long as they are paid. */
export async function extendDomains(tx: Tx, serviceIds: readonly string[]): Promise<void> {
  await runSql(
    tx,
    `update domain d set expires_at = s.paid_until from service s
     where s.id = d.service_id and s.id = any($1::bigint[]) and d.status = 'Active' and s.paid_until > d.expires_at`,
    [serviceIds],
  )
}

/** What a domain's own status becomes beside that of its service. */
export async function setDomainStatus(
  tx: Tx,
  serviceId: string,
  status: string,
  expiresAt?: Date | null,
): Promise<void> {
  await tx
    .updateTable('domain')
    .set({ status, ...(expiresAt === undefined ? {} : { expires_at: expiresAt }) })
    .where('service_id', '=', serviceId)
    .execute()
}
