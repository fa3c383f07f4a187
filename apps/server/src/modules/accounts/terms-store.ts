import type { Tx } from '../../db/database.ts'

/** On what terms an account buys. */
export interface Terms {
  readonly taxExempt?: boolean | undefined
  readonly currency?: string | undefined
}

export async function updateTerms(tx: Tx, accountId: string, { taxExempt, currency }: Terms): Promise<void> {
  await tx
    .updateTable('account')
    .set(eb => ({ tax_exempt: taxExempt ?? eb.ref('tax_exempt'), currency: currency ?? eb.ref('currency') }))
    .where('id', '=', accountId)
    .execute()
}
