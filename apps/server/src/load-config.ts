import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ipaddr from 'ipaddr.js'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { type Config, defaultConfig } from './config.ts'
import { demoSettingsFile } from './demo-settings.ts'
import { mayCollide } from './number-format.ts'
import { flagName, type Setting, settings, variableNames } from './settings.ts'

/** A configuration that cannot be used. The message is for the operator: it names the key and where it came from. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

export interface ConfigSources {
  /** What follows the subcommand on the command line. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Says for itself what it runs with; other commands take the settings of the demo of their data folder. */
  readonly starts?: boolean
}

export interface LoadedConfig {
  readonly config: Config
  /** Print one line of JSON on stdout once everything answers. */
  readonly readyJson: boolean
  /** Words of the command line that are no flags. */
  readonly rest: readonly string[]
}

interface Found {
  readonly value: unknown
  /** For messages: `--port`, `PORT`, or the file's path. */
  readonly source: string
}

/** Flags before environment before the files before the defaults; checked once, here. */
export function loadConfig({ argv, env, starts = false }: ConfigSources): LoadedConfig {
  const flags = readFlags(argv)
  checkVariables(env)
  const folder = flags.values.get('data') ?? (env.INNKEEPER_DATA_DIR || env.DATA || 'data')
  const named = flags.values.get('config') ?? (env.INNKEEPER_CONFIG || undefined)
  const files = filesOf(named, folder, starts)
  const values: Record<string, unknown> = {}
  for (const setting of settings) {
    const found = fromFlags(setting, flags.values) ?? fromEnvironment(setting, env) ?? fromFiles(setting, files)
    if (found !== undefined) values[setting.key] = checked(setting, found)
  }
  const readyJson = boolean(flags.values.get('ready-json') || env.INNKEEPER_READY_JSON || env.READY_JSON || 'false')
  if (typeof readyJson !== 'boolean') throw new ConfigError('ready-json is neither true nor false')
  const config = assemble(values, folder)
  checkTogether(config)
  return { config, readyJson, rest: flags.rest }
}

const otherFlags = ['config', 'ready-json']
const booleanFlags = new Set(['ready-json', 'signup-enabled'])

function readFlags(argv: readonly string[]): { values: Map<string, string>; rest: string[] } {
  const known = new Set([...otherFlags, ...settings.map(flagName)])
  const values = new Map<string, string>()
  const rest: string[] = []
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? ''
    if (!word.startsWith('--')) {
      rest.push(word)
      continue
    }
    const [, name = '', inline] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? []
    if (!known.has(name)) throw new ConfigError(`--${name} is not a setting; docs/configuration.md lists them all`)
    const next = argv[i + 1]
    if (inline !== undefined) values.set(name, inline)
    else if (booleanFlags.has(name) && (next === undefined || boolean(next) === next)) values.set(name, 'true')
    else if (next === undefined || next.startsWith('--')) throw new ConfigError(`--${name} needs a value`)
    else {
      values.set(name, next)
      i++
    }
  }
  return { values, rest }
}

function checkVariables(env: ConfigSources['env']): void {
  const known = new Set(['INNKEEPER_CONFIG', 'INNKEEPER_READY_JSON', ...settings.flatMap(variableNames)])
  const unknown = Object.keys(env).find(name => name.startsWith('INNKEEPER_') && !known.has(name))
  if (unknown !== undefined) {
    throw new ConfigError(`the environment variable ${unknown} is not a setting; docs/configuration.md lists them all`)
  }
}

interface SettingsFile {
  readonly path: string
  readonly values: ReadonlyMap<string, unknown>
}

/** The file that is named, or else config.json of the data folder, behind what the demo that runs there goes by. */
function filesOf(named: string | undefined, folder: string, starts: boolean): readonly SettingsFile[] {
  if (named !== undefined) return [readFile(named, true)]
  const names = [...(starts ? [] : [demoSettingsFile]), 'config.json']
  return names.map(name => readFile(join(folder, name), false))
}

function readFile(path: string, mustExist: boolean): SettingsFile {
  const values = flatten(path, parseFile(path, mustExist))
  const known = new Set(settings.map(({ key }) => key))
  for (const key of values.keys()) if (!known.has(key)) throw new ConfigError(`${key} in ${path} is not a setting`)
  return { path, values }
}

function parseFile(path: string, mustExist: boolean): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException // what fs throws
    if (code === 'ENOENT' && !mustExist) return {}
    throw new ConfigError(`the configuration file ${path} cannot be read (${code})`)
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new ConfigError(`the configuration file ${path} is not JSON`) // the parser's message would quote it, secrets too
  }
}

function flatten(path: string, value: unknown): Map<string, unknown> {
  if (!isObject(value)) throw new ConfigError(`the configuration file ${path} does not hold an object`)
  const flat = new Map<string, unknown>()
  for (const [key, item] of Object.entries(value)) {
    if (!isObject(item)) flat.set(key, item)
    else for (const [inner, leaf] of Object.entries(item)) flat.set(`${key}.${inner}`, leaf)
  }
  return flat
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fromFlags(setting: Setting, flags: ReadonlyMap<string, string>): Found | undefined {
  const text = flags.get(flagName(setting))
  return text === undefined ? undefined : { value: ofText(setting.schema, text), source: `--${flagName(setting)}` }
}

function fromFiles({ key }: Setting, files: readonly SettingsFile[]): Found | undefined {
  const file = files.find(({ values }) => values.has(key))
  return file && { value: file.values.get(key), source: file.path }
}

/** An empty variable is one that is not set: compose files and service units leave such behind. */
function fromEnvironment(setting: Setting, env: ConfigSources['env']): Found | undefined {
  for (const name of variableNames(setting)) {
    const text = env[name]
    if (text !== undefined && text !== '') return { value: ofText(setting.schema, text), source: name }
  }
  return undefined
}

/** Flags and variables are texts; what they cannot be stays a text, for the check to refuse. */
function ofText(schema: TSchema, text: string): unknown {
  const { type, items = {} } = schema as { type?: string; items?: TSchema } // JSON Schema
  if (type === 'integer') return /^-?\d+$/.test(text) ? Number(text) : text
  if (type === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
  if (type === 'boolean') return boolean(text)
  if (type === 'array') return itemsOf(text).map(item => ofText(items, item))
  return text
}

function itemsOf(list: string): string[] {
  return list
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '')
}

function boolean(text: string): boolean | string {
  if (['1', 'true', 'on', 'yes'].includes(text.toLowerCase())) return true
  return ['0', 'false', 'off', 'no'].includes(text.toLowerCase()) ? false : text
}

function checked({ key, schema, secret, networks }: Setting, { value, source }: Found): unknown {
  if (Value.Check(schema, value) && (networks !== true || areNetworks(value))) return value
  const { description } = schema as { description?: string } // every schema of settings.ts has one
  const shown = secret ? '' : ` ${JSON.stringify(value)}`
  throw new ConfigError(`${key} from ${source} cannot be${shown}: expected ${description}`)
}

function areNetworks(value: unknown): boolean {
  return (
    Array.isArray(value) && value.every(text => (text.includes('/') ? ipaddr.isValidCIDR(text) : ipaddr.isValid(text)))
  )
}

function assemble(values: Readonly<Record<string, unknown>>, folder: string): Config {
  const config = { ...defaultConfig(folder) } as Record<string, unknown> // filled by key, each value checked
  for (const [key, value] of Object.entries(values)) {
    const [outer = '', inner] = key.split('.')
    config[outer] = inner === undefined ? value : { ...(config[outer] as object), [inner]: value }
  }
  config.dataDir = resolve(String(config.dataDir))
  if (values.publicUrl === undefined) config.publicUrl = `http://${hostInUrl(String(config.host))}:${config.port}`
  else config.publicUrl = String(values.publicUrl).replace(/\/+$/, '')
  return config as unknown as Config // every key is checked by its schema, and a test holds keys and Config equal
}

function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

/** What only shows when settings are seen side by side. */
function checkTogether({ billing, dns, timeZone }: Config): void {
  if (dns.minTtlSeconds > dns.defaultTtlSeconds || dns.defaultTtlSeconds > dns.maxTtlSeconds) {
    throw new ConfigError('dns.defaultTtlSeconds is not between dns.minTtlSeconds and dns.maxTtlSeconds')
  }
  if (dns.driver === 'powerdns') {
    for (const key of ['powerdnsUrl', 'powerdnsKey'] as const) {
      if (dns[key] === undefined) throw new ConfigError(`dns.driver is powerdns, so dns.${key} has to be set`)
    }
  }
  if (billing.terminateAfterDays <= billing.suspendAfterDays) {
    throw new ConfigError('billing.terminateAfterDays is not after billing.suspendAfterDays')
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone })
  } catch {
    throw new ConfigError(`timeZone ${JSON.stringify(timeZone)} is not an IANA time zone`)
  }
  checkNumbers(billing)
}

/** A number is given once. Two documents that want the same one would stop every order and renewal until somebody sees. */
function checkNumbers(billing: Config['billing']): void {
  const keys = ['invoiceNumber', 'creditNoteNumber', 'proformaNumber'] as const
  for (const [index, key] of keys.entries()) {
    const format = billing[key]
    if (format.includes('{month}') && !format.includes('{year}'))
      throw new ConfigError(`billing.${key} counts anew in each {month}, so it has to name the {year} too`)
    const other = keys.slice(0, index).find(earlier => mayCollide(billing[earlier], format))
    if (other !== undefined)
      throw new ConfigError(
        `billing.${key} can make the same numbers as billing.${other}; begin each with another letter`,
      )
  }
}
