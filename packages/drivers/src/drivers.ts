import { builtinDescription } from './dns/builtin/describe.ts'
import { powerDnsDescription } from './dns/powerdns/describe.ts'
import type { DriverDescription } from './kit/describe.ts'
import { code, table } from './kit/table.ts'
import { fileMailDescription } from './mail/file/describe.ts'
import { smtpMailDescription } from './mail/smtp/describe.ts'
import { bankDescription } from './payment/bank/describe.ts'
import { stripeDescription } from './payment/stripe/describe.ts'
import { viesDescription } from './vat/vies/describe.ts'

/** Every driver there is, by what it is for; one that needs nobody else's system comes first. */
export const driverDescriptions: Readonly<Record<string, readonly DriverDescription[]>> = {
  dns: [builtinDescription, powerDnsDescription],
  mail: [fileMailDescription, smtpMailDescription],
  vat: [viesDescription],
  payment: [bankDescription, stripeDescription],
}

/** The page of all drivers, spec/drivers.md. */
export function driversText(): string {
  const kinds = Object.entries(driverDescriptions).flatMap(([kind, drivers]) => [
    `## ${kind}`,
    '',
    ...drivers.flatMap(driverLines),
  ])
  return ['# Drivers', '', 'Generated from the `describe.ts` of each driver by `npm run spec`.', '', ...kinds].join(
    '\n',
  )
}

function driverLines(driver: DriverDescription): string[] {
  const { name, title, options, capabilities, settings = [], limits = [], links } = driver
  const optionRows = options.map(option => [code(option.name), option.type, defaultOf(option), helpOf(option)])
  const settingRows = settings.map(setting => [code(setting.name), setting.value, setting.why])
  return [
    `### ${code(name)}: ${title}`,
    '',
    ...(capabilities.length === 0 ? [] : [`Can: ${capabilities.join(', ')}.`, '']),
    ...table(['option', 'type', 'default', 'meaning'], optionRows),
    ...table(['setting of the other system', 'value', 'why'], settingRows),
    ...(limits.length === 0 ? [] : ['Limits:', '', ...limits.map(limit => `* ${limit}`), '']),
    ...links.map(link => `* <${link}>`),
    '',
  ]
}

function defaultOf({ default: usual }: DriverDescription['options'][number]): string {
  if (usual === undefined) return ''
  return code(Array.isArray(usual) ? JSON.stringify(usual) : String(usual))
}

function helpOf({ help, secret }: DriverDescription['options'][number]): string {
  return secret === true ? `${help} Secret.` : help
}
