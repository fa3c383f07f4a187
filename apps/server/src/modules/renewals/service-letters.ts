import type { Context, ServiceTurn } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { writeToAccount } from './letter.ts'

const words: Readonly<Record<ServiceTurn['turn'], { subject: string; body(name: string): string }>> = {
  active: { subject: 'is ready', body: name => `${name} is ready for you.` },
  suspended: {
    subject: 'was stopped',
    body: name => `${name} was stopped by us. Please write to us to have it run again.`,
  },
  unsuspended: { subject: 'runs again', body: name => `${name} runs again.` },
}

/** A service turns under its lock, so each turn has one letter. */
export async function tellOfService(ctx: Context, tx: Tx, { accountId, name, turn }: ServiceTurn): Promise<void> {
  const { subject, body } = words[turn]
  await writeToAccount(ctx, tx, accountId, `${ctx.config.brandName}: ${name} ${subject}`, [body(name)])
}
