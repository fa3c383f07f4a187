import type { Tx } from '../../db/database.ts'

/** On what terms an account buys. */
export interface Terms {
  readonly taxExempt?: boolean | undefined
  readonly currency?: string | undefined
  readonly autoApplyCredit?: boolean | undefined
}

export async function updateTerms(tx: Tx, accountId: string, terms: Terms): Promise<void> {
  const { taxExempt, currency, autoApplyCredit } = terms
  await tx
    .updateTable('account')
    .set(eb => ({
      tax_exempt: taxExempt ?? eb.ref('tax_exempt'),
      currency: currency ?? eb.ref('currency'),
      auto_apply_credit: autoApplyCredit ?? eb.ref('auto_apply_credit'),
    }))
    .where('id', '=', accountId)
    .execute()
}
