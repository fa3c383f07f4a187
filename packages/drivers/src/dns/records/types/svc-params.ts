import { isIPv4, isIPv6 } from 'node:net'
import { quote, tokenize } from '../presentation.ts'
import { wholeNumber } from '../rule.ts'
import { canonicalIPv6 } from './address.ts'

/** Canonical value text from the value's bytes as latin1; undefined where it does not fit. '' is "no value". */
type ValueRule = (value: string) => string | undefined

/** RFC 9460 §14.3.2, dohpath RFC 9461, ohttp RFC 9540. A key's place in the list is its number. */
const keys: readonly (readonly [string, ValueRule])[] = [
  ['mandatory', value => list(value, item => (keyNumber(item) ?? 0) > 0, byNumber, keyName)],
  ['alpn', value => quoted(list(value, item => /^[!#-+\--[\]-~]{1,255}$/.test(item)))],
  ['no-default-alpn', nothing],
  ['port', value => wholeNumber(value, 65535)?.toString()],
  ['ipv4hint', value => list(value, isIPv4)],
  ['ech', value => (isBase64(value) ? `"${value}"` : undefined)],
  ['ipv6hint', value => list(value, item => isIPv6(item) && !item.includes('%'), undefined, canonicalIPv6)],
  ['dohpath', value => (/^\/[!#-[\]-~]*\{\?dns\}/.test(value) ? `"${value}"` : undefined)],
  ['ohttp', nothing],
]

interface Param {
  readonly number: number
  readonly text: string
  readonly value: string
}

/** Canonical `key=value` texts in the order of the wire, or the sentence that says what is wrong. */
export function parseParams(text: string): string[] | string {
  const params: Param[] = []
  // A value is a run of plain characters, or quoted; tokenize knows no quotes inside a word.
  const pattern = /\s*([^\s="]+)(?:=("(?:[^"\\]|\\.)*"|[^\s"]*))?(?=\s|$)/sy
  let at = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    at = pattern.lastIndex
    const param = parseParam(match[1] ?? '', match[2])
    if (typeof param === 'string') return param
    params.push(param)
  }
  if (text.slice(at).trim() !== '') return 'parameters are written key=value or key="value"'
  params.sort((one, other) => one.number - other.number)
  return wrongTogether(params) ?? params.map(param => param.text)
}

function parseParam(written: string, rawValue: string | undefined): Param | string {
  const number = keyNumber(written.toLowerCase())
  if (number === undefined)
    return `the parameter ${written.slice(0, 40)} is not known; others are written key65000="value"`
  const tokens = tokenize(rawValue ?? '')
  if (tokens === undefined || tokens.length > 1) return `the value of ${written} has broken quotes`
  const bytes = tokens[0]?.bytes ?? Buffer.alloc(0)
  const key = keyName(written)
  const rule = keys[number]?.[1]
  const value = rule === undefined ? generic(bytes) : rule(bytes.toString('latin1'))
  if (value === undefined) return `the value of ${key} does not fit`
  return { number, text: value === '' ? key : `${key}=${value}`, value }
}

function wrongTogether(params: readonly Param[]): string | undefined {
  const numbers = new Set(params.map(param => param.number))
  if (numbers.size < params.length) return 'a parameter stands twice'
  if (numbers.has(2) && !numbers.has(1)) return 'no-default-alpn needs alpn'
  const mandatory = params.find(param => param.number === 0)?.value.split(',') ?? []
  const missing = mandatory.find(key => !numbers.has(keyNumber(key) ?? -1))
  return missing === undefined ? undefined : `${missing} is mandatory but not given`
}

/** By name or as `key` and the number; 65535 is reserved as invalid. */
function keyNumber(key: string): number | undefined {
  const named = keys.findIndex(([name]) => name === key)
  if (named >= 0) return named
  return /^key(?:0|[1-9]\d*)$/.test(key) ? wholeNumber(key.slice(3), 65534) : undefined
}

function list(
  value: string,
  fits: (item: string) => boolean,
  order?: (one: string, other: string) => number,
  canonical = (item: string) => item,
): string | undefined {
  const items = value.split(',')
  if (!items.every(fits)) return undefined
  const written = items.map(canonical)
  if (new Set(written).size < written.length) return undefined
  return (order === undefined ? written : written.sort(order)).join(',')
}

/** As it is written canonically: by name where it has one. */
function keyName(key: string): string {
  const number = keyNumber(key.toLowerCase())
  return (number === undefined ? undefined : keys[number]?.[0]) ?? key.toLowerCase()
}

function byNumber(one: string, other: string): number {
  return (keyNumber(one) ?? 0) - (keyNumber(other) ?? 0)
}

function quoted(value: string | undefined): string | undefined {
  return value === undefined ? undefined : `"${value}"`
}

function nothing(value: string): string | undefined {
  return value === '' ? '' : undefined
}

/** Spaces are escaped too, so that a canonical content can be taken apart at its spaces. */
function generic(bytes: Buffer): string {
  return bytes.length === 0 ? '' : quote(bytes).replaceAll(' ', '\\032')
}

function isBase64(text: string): boolean {
  return text !== '' && Buffer.from(text, 'base64').toString('base64') === text
}
