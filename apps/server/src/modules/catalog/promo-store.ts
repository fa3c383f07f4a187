import { parsePercent } from '@innkeeper/money'
import { type Queryable, runSql, type Tx } from '../../db/database.ts'
import { Refusal } from '../../refusal.ts'
import type { PromoCode } from './promo.ts'

interface PromoRow extends Omit<PromoCode, 'discount' | 'startsAt' | 'endsAt'> {
  readonly percent: string | null
  readonly amounts: Readonly<Record<string, number | string>> | null
  readonly startsAt: Date | null
  readonly endsAt: Date | null
}

/** The code as customers write it, in any case, with what this account has used of it. Retired ones too. */
export async function findPromo(db: Queryable, code: string, accountId: string): Promise<PromoCode | undefined> {
  const [row] = await runSql<PromoRow>(
    db,
    `select promo_code.id, code, percent::text, amounts, recurring, with_setup as "withSetup", starts_at as "startsAt",
      ends_at as "endsAt", cycles, new_clients_only as "newClientsOnly", max_uses as "maxUses",
      max_uses_per_account as "maxUsesPerAccount", promo_code.uses, coalesce(promo_account.uses, 0) as "usesByAccount",
      retired_at is not null as retired,
      coalesce((select json_agg(json_build_object('id', id::text, 'productId', product_id::text, 'addonId', addon_id::text,
        'tldId', tld_id::text, 'maxUses', max_uses, 'uses', uses) order by id)
        from promo_target where promo_id = promo_code.id), '[]'::json) as targets
    from promo_code
    left join promo_account on promo_account.promo_id = promo_code.id and promo_account.account_id = $2::bigint
    where code = upper($1)`,
    [code.trim(), accountId],
  )
  if (row === undefined) return undefined
  const { percent, amounts, ...rest } = row
  const fixed = Object.entries(amounts ?? {}).map(([currency, minor]) => [currency, BigInt(minor)] as const)
  const discount = percent === null ? { amounts: Object.fromEntries(fixed) } : { percent: parsePercent(percent) ?? 0 }
  return { ...rest, discount }
}

/** One order that uses a code: whose, and for each line that counts with a target, which that is ({@link targetsOf}). */
export interface PromoUse {
  readonly promoId: string
  readonly accountId: string
  readonly targetIds: readonly string[]
}

/**
 * Counts one use of a code: of the code, by the account, and of each target by its lines. The database decides whether
 * there is one left, so that parallel orders never share the last; then this refuses, and the transaction has to end.
 * The row of the code stays locked until then, so this comes late in an order.
 */
export async function takePromo(tx: Tx, { promoId, accountId, targetIds }: PromoUse): Promise<void> {
  const [taken] = await runSql<{ code: boolean; account: boolean; targets: number }>(
    tx,
    `with code as (
      update promo_code set uses = uses + 1
      where id = $1::bigint and retired_at is null and (max_uses is null or uses < max_uses)
      returning id, max_uses_per_account as most
    ), account as (
      insert into promo_account as present (promo_id, account_id, uses)
      select id, $2::bigint, 1 from code where most is null or most >= 1
      on conflict (promo_id, account_id) do update set uses = present.uses + 1
      where present.uses < coalesce((select max_uses_per_account from promo_code where id = present.promo_id), 2147483647)
      returning 1
    ), target as (
      update promo_target set uses = promo_target.uses + used.count
      from code, (select id, count(*)::integer from unnest($3::bigint[]) as each (id) group by id) as used
      where promo_target.id = used.id and promo_target.promo_id = code.id
        and (promo_target.max_uses is null or promo_target.uses + used.count <= promo_target.max_uses)
      returning 1
    )
    select exists (select from code) as code, exists (select from account) as account,
      (select count(*)::integer from target) as targets`,
    [promoId, accountId, targetIds],
  )
  if (taken?.code === true && taken.account && taken.targets === new Set(targetIds).size) return
  throw new Refusal('coupon_not_exist', { fields: { promocode: ['coupon_not_exist'] } })
}

/** Gives a use back: the order was cancelled before it was paid. It locks nothing; countReturns makes it available. */
export async function releasePromo(tx: Tx, { promoId, accountId, targetIds }: PromoUse): Promise<void> {
  await runSql(
    tx,
    `insert into promo_return (promo_id, account_id, target_ids, counts)
     values ($1::bigint, $2::bigint, $3::bigint[], $4::integer[])`,
    [promoId, accountId, targetIds, targetIds.map(() => 1)],
  )
}

/** Takes uses that were given back off what is used. */
export async function countReturnedUses(tx: Tx): Promise<void> {
  const rows = await runSql<{ id: string }>(
    tx,
    `select id from promo_code where id in (select promo_id from promo_return) order by id for no key update`,
  )
  if (rows.length === 0) return
  await runSql(
    tx,
    `with back as (delete from promo_return where promo_id = any($1::bigint[]) returning *),
      code as (
        update promo_code set uses = greatest(promo_code.uses - given.uses, 0)
        from (select promo_id, count(*)::integer as uses from back group by promo_id) given where id = given.promo_id
      ), account as (
        update promo_account present set uses = greatest(present.uses - given.uses, 0)
        from (select promo_id, account_id, count(*)::integer as uses from back group by promo_id, account_id) given
        where present.promo_id = given.promo_id and present.account_id = given.account_id
      )
    update promo_target set uses = greatest(promo_target.uses - given.uses, 0)
    from (
      select target.id, sum(target.uses)::integer as uses
      from back, unnest(target_ids, counts) as target (id, uses) group by target.id
    ) given where promo_target.id = given.id`,
    [rows.map(({ id }) => id)],
  )
}
