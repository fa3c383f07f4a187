import { dayOf } from '@innkeeper/money'
import { loadConfig } from '../load-config.ts'
import { ratesFrom, setTaxRate } from '../modules/tax/index.ts'
import { asOperator } from '../operator.ts'
import { type Command, UsageError } from './command.ts'
import { refuseNew, withApp, withConfig } from './with-app.ts'

export const tax: Command = {
  usage: 'tax',
  summary: 'Shows the rates of today and those to come',
  run: call =>
    withApp(call, async ({ db, business, config }) => {
      const rates = await ratesFrom(db, dayOf(business.now(), config.timeZone))
      const lines = rates.map(({ country, state, level, name, percent, validFrom }) => {
        const place = state === '' ? country : `${country}/${state}`
        return `${place.padEnd(32)} ${String(level)}  ${`${percent} %`.padStart(9)}  ${validFrom}  ${name}`
      })
      process.stdout.write(`${lines.join('\n')}\n`)
    }),
}

export const taxSet: Command = {
  usage: 'tax set PLACE PERCENT DAY [--level L] [--name N]',
  summary: 'Sets a rate of a country (EE) or a state (CA/QC) from a day on; 0 ends a tax',
  flags: { level: 'value', name: 'value' },
  async run({ argv, env, flags }) {
    const { config, rest } = loadConfig({ argv, env })
    const [place, percent, validFrom, ...others] = rest
    if (place === undefined || percent === undefined || validFrom === undefined || others.length > 0) {
      throw new UsageError(`usage: innkeeper ${taxSet.usage}`)
    }
    refuseNew(config)
    const [country = '', state = ''] = place.split(/\/(.*)/s)
    const { level, name } = flags
    const more = {
      ...(level === undefined ? {} : { level: String(level) }),
      ...(name === undefined ? {} : { name: String(name) }),
    }
    return withConfig(config, async app => {
      const rate = await asOperator(app, ctx => setTaxRate(ctx, { country, state, percent, validFrom, ...more }))
      process.stdout.write(`${JSON.stringify(rate)}\n`)
    })
  },
}
