import { loadConfig } from '../load-config.ts'
import { createLog } from '../log.ts'
import { everyRole, type Roles, startNode } from '../node.ts'
import type { Call, Command } from './command.ts'
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
    async run({ argv, env }: Call) {
      const { config } = loadConfig({ argv, env })
      const log = createLog(config)
      await untilTold(
        () => startNode(config, roles, log),
        node => log.info({ url: node.url, dnsPort: node.dnsPort }, 'ready'),
      )
      return 0
    },
  }
}
