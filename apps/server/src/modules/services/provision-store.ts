import { type Queryable, runSql, type Tx } from '../../db/database.ts'
import type { LockedService } from './service-store.ts'
import type { ServiceStatus } from './status.ts'

/** What a provisioner has brought about so far. */
export type Provisioned = 'nothing' | 'running' | 'suspended'

/**
 * Asks for what the status of the service says; whatever is under way for an earlier wish does not count any more. Gives
 * the number of this wish.
 */
export async function markQueued(tx: Tx, { id, accountId }: Pick<LockedService, 'id' | 'accountId'>): Promise<number> {
  const row = await tx
    .updateTable('service')
    .set(eb => ({
      provisioning: 'queued',
      provisioning_error: null,
      wanted_revision: eb('wanted_revision', '+', 1),
    }))
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .returning('wanted_revision')
    .executeTakeFirstOrThrow()
  return row.wanted_revision
}

const startText = `
with starting as (
  update service set provisioning = 'queued', provisioning_error = null, wanted_revision = wanted_revision + 1
  where account_id = $1 and id = any($2::bigint[]) returning id
)
update domain set status = case action when 'transfer' then 'Pending Transfer' else 'Pending Registration' end
from starting where service_id = starting.id and status = 'Pending'`

/** {@link markQueued} of pending services of one account, whose domains are being registered or transferred from here on. */
export async function startMaking(tx: Tx, services: readonly LockedService[]): Promise<void> {
  await runSql(tx, startText, [services[0]?.accountId, services.map(({ id }) => id)])
}

const madeText = `
with made as (
  update service set status = 'Active', provisioned = 'running', provisioning = 'done', provisioning_error = null,
    wanted_revision = wanted_revision + 1
  where account_id = $1 and id = any($2::bigint[]) returning id, invoiced_until
)
update domain set status = 'Active', expires_at = made.invoiced_until from made where service_id = made.id`

/** Pending services of one account, for which nothing has to be made, run. */
export async function markMade(tx: Tx, services: readonly LockedService[]): Promise<void> {
  await runSql(tx, madeText, [services[0]?.accountId, services.map(({ id }) => id)])
}

/** All that bringing a service about needs to know. */
export interface ProvisionTask {
  readonly id: string
  readonly accountId: string
  readonly revision: number
  readonly status: ServiceStatus
  readonly provisioned: Provisioned
  readonly provisioner: string
  readonly name: string
  readonly options: Readonly<Record<string, unknown>>
  readonly choices: Readonly<Record<string, string | number>>
  readonly addons: readonly Readonly<Record<string, unknown>>[]
  readonly externalId: string | null
  readonly username: string
}

// Fields of several items hold one chosen item, whose key is the answer; the others hold a quantity or a text.
const choicesText = `coalesce((
  select json_object_agg(f.key, case when f.type in ('select', 'radio') then to_json(i.key) else chosen.value::json end)
  from jsonb_each(s.config) field
  cross join lateral jsonb_each(field.value) chosen
  join form_item i on i.id::text = chosen.key
  join form_field f on f.id = i.field_id), '{}')`

const takeText = `
with taken as (
  update service set provisioning = 'running'
  where id = $1 and provisioning in ('queued', 'running', 'failed')
  returning *
)
select s.id::text as id, s.account_id::text as "accountId", s.wanted_revision as revision, s.status, s.provisioned,
  coalesce(p.provisioner, own.provisioner, t.registrar, 'none') as provisioner, s.name,
  coalesce(p.provisioner_options, own.provisioner_options, t.registrar_options, '{}') as options, ${choicesText} as choices,
  coalesce((
    select json_agg(a.provisioner_options order by addon.id) from service addon join addon a on a.id = addon.addon_id
    where addon.parent_id = s.id and addon.status = 'Active' and a.provisioner = 'none'), '[]') as addons,
  s.external_id as "externalId", s.username
from taken s left join product p on p.id = s.product_id left join addon own on own.id = s.addon_id
  left join tld t on t.id = s.tld_id`

/** Marks a service whose end is not reached as being worked on. Undefined: there is nothing to do. */
export async function takeTask(db: Queryable, id: string): Promise<ProvisionTask | undefined> {
  return (await runSql<ProvisionTask>(db, takeText, [id]))[0]
}

export interface Reached {
  readonly provisioned: Provisioned
  readonly externalId?: string | undefined
  readonly username?: string | undefined
  /** Encrypted. */
  readonly password?: Buffer | undefined
}

/** Notes that the end was reached; false where another one is wanted meanwhile. What was made is noted in any case. */
export async function markDone(
  tx: Tx,
  { id, revision }: { id: string; revision: number },
  reached: Reached,
): Promise<boolean> {
  const { provisioned, externalId, username, password } = reached
  const row = await tx
    .updateTable('service')
    .set(eb => ({
      provisioned,
      // Whoever worked for the other end may have been overtaken, so that end is not certain either.
      provisioning: eb.case().when('wanted_revision', '=', revision).then('done').else('queued').end(),
      provisioning_error: null,
      ...(externalId === undefined ? {} : { external_id: externalId }),
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    }))
    .where('id', '=', id)
    .returning('wanted_revision')
    .executeTakeFirstOrThrow()
  return row.wanted_revision === revision
}

/** Keeps why an attempt failed. An attempt for an end that is not wanted any more says nothing. */
export async function markFailed(
  db: Queryable,
  { id, revision }: { id: string; revision: number },
  error: string,
): Promise<void> {
  await db
    .updateTable('service')
    .set({ provisioning: 'failed', provisioning_error: error })
    .where('id', '=', id)
    .where('wanted_revision', '=', revision)
    .execute()
}

/** Somebody else will say when it is done. */
export async function markWaiting(db: Queryable, { id, revision }: { id: string; revision: number }): Promise<void> {
  await db
    .updateTable('service')
    .set({ provisioning: 'queued' })
    .where('id', '=', id)
    .where('wanted_revision', '=', revision)
    .execute()
}

/** The revision that is wanted now, of a service whose row is locked. */
export async function wantedRevision(
  tx: Tx,
  { id, accountId }: Pick<LockedService, 'id' | 'accountId'>,
): Promise<number> {
  const row = await tx
    .selectFrom('service')
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .select('wanted_revision')
    .executeTakeFirstOrThrow()
  return row.wanted_revision
}
