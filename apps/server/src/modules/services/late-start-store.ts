import { runSql, type Tx } from '../../db/database.ts'

export interface FirstPeriod {
  readonly id: string
  readonly serviceId: string
  readonly startsAt: Date
  readonly endsAt: Date
}

/** The first periods of services that were over by a moment. */
export function firstPeriodsOver(
  tx: Tx,
  accountId: string,
  serviceIds: readonly string[],
  at: Date,
): Promise<FirstPeriod[]> {
  return runSql(
    tx,
    `select id, service_id as "serviceId", starts_at as "startsAt", ends_at as "endsAt" from billed_period
     where account_id = $1 and service_id = any($2::bigint[]) and reason = 'order' and released_at is null
       and ended_at is null and ends_at <= $3`,
    [accountId, serviceIds, at],
  )
}

/** Gives first periods other days, and their services the day of the month that they are billed on from then on. */
export async function moveFirstPeriods(
  tx: Tx,
  periods: readonly (FirstPeriod & { readonly anchorDay: number })[],
): Promise<void> {
  await runSql(
    tx,
    `with given as (
       select * from unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::smallint[])
         as row (id, service_id, starts_at, ends_at, anchor_day)
     ), moved as (
       update billed_period b set starts_at = given.starts_at, ends_at = given.ends_at from given where b.id = given.id
     )
     update service s set started_at = given.starts_at, anchor_day = given.anchor_day
     from given where s.id = given.service_id`,
    [
      periods.map(({ id }) => id),
      periods.map(({ serviceId }) => serviceId),
      periods.map(({ startsAt }) => startsAt),
      periods.map(({ endsAt }) => endsAt),
      periods.map(({ anchorDay }) => anchorDay),
    ],
  )
}
