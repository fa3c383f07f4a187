import { createLog } from '../log.ts'
import { everyRole, type Roles, startNode } from '../node.ts'
import { type Call, type Command, settingsOf } from './command.ts'
import { untilTold } from './until-told.ts'

const none: Roles = { api: false, worker: false, nameserver: false }

export const serve = role('serve', 'Everything: API, jobs, name server', everyRole)
export const api = role('api', 'The API alone', { ...none, api: true })
export const worker = role('worker', 'Jobs alone', { ...none, worker: true })
export const nameserver = role('nameserver', 'The name server alone, or the feeding of PowerDNS', {
  ...none,
  nameserver: true,
})

function role(usage: string, summary: string, roles: Roles): Command {
  return {
    usage,
    summary,
    async run(call: Call) {
      const { config } = settingsOf(call, true)
      const log = createLog(config)
      await untilTold(
        () => startNode(config, roles, log),
        node => log.info({ url: node.url, dnsPort: node.dnsPort }, 'ready'),
      )
      return 0
    },
  }
}
