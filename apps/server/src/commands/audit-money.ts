import { auditMoney } from '../modules/billing/index.ts'
import type { Command } from './command.ts'
import { withApp } from './with-app.ts'

export const auditMoneyCommand: Command = {
  usage: 'audit money',
  summary: 'Proves that ledger, invoices, payments and numbers add up; exits 1 with what does not',
  async run(call) {
    let found = 0
    await withApp(call, async app => {
      for (const finding of await auditMoney(app.db)) {
        process.stdout.write(`${JSON.stringify(finding)}\n`)
        found += 1
      }
    })
    process.stdout.write(found === 0 ? 'All money adds up.\n' : `${found} findings.\n`)
    return found === 0 ? 0 : 1
  },
}
