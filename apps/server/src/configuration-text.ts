import { defaultConfig } from './config.ts'
import { flagName, type Setting, settings, variableNames } from './settings.ts'

/** docs/configuration.md, from the table of settings. */
export function configurationText(): string {
  return `${[
    '# Configuration',
    '',
    'Written by `npm run spec` from `apps/server/src/settings.ts`; do not edit.',
    '',
    'A setting is taken from the command line, else from the environment, else from one JSON file, else it has its',
    'default. The file is the one that `--config FILE` or `INNKEEPER_CONFIG` names, or `config.json` in the data folder.',
    'Before that one, commands that run beside a demo take what it runs with from `demo-settings.json` in its data folder.',
    'Its keys are those below, with `dns` and `mail` as objects: `{"port": 8080, "dns": {"driver": "builtin"}}`. Lists are',
    'JSON lists in the file, and separated by commas elsewhere. A key that is not known, or a value that does not fit,',
    'stops the start with a message that names the key and where it came from; an empty variable is one that is not set.',
    '',
    'Secrets (`masterKey`, `databaseUrl` and `mail.smtpUrl` with a password, `dns.powerdnsKey`) belong into the environment',
    'or the file, which only its owner may read: everybody on the machine sees flags in the list of processes.',
    '',
    '`--ready-json` (`READY_JSON=1`) prints one line of JSON on stdout once everything answers.',
    '',
    '| key | flag | environment | values | default | meaning |',
    '|---|---|---|---|---|---|',
    ...settings.map(row),
  ].join('\n')}\n`
}

function row(setting: Setting): string {
  const { description = '' } = setting.schema as { description?: string } // JSON Schema
  const variables = variableNames(setting).map(name => `\`${name}\``)
  return `| \`${setting.key}\` | \`--${flagName(setting)}\` | ${variables.join(', ')} | ${description} | ${defaultOf(setting.key)} | ${setting.meaning} |`
}

function defaultOf(key: string): string {
  const [outer = '', inner] = key.split('.')
  const all = defaultConfig('data') as unknown as Record<string, unknown> // looked up by name
  const value = inner === undefined ? all[outer] : (all[outer] as Record<string, unknown>)[inner] // dns and mail
  if (value === undefined) return ''
  return `\`${Array.isArray(value) ? value.join(',') : String(value)}\``.replace('``', '')
}
