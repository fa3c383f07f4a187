import { domainToASCII } from 'node:url'

/** Letters, digits and hyphens, none at an end (RFC 1123 §2.1); `--` in the third place is only an A-label's (RFC 5891 §4.2.3.1). */
const label = /^(?!-)(?!(?!xn)..--)[a-z0-9-]{1,63}(?<!-)$/
/** `domainToASCII` reads what could stand in a URL; these would be something else than part of a name there. */
const notInNames = /[\s%/\\?#@:[\]<>^|]/

/** A whole host name in lower case and A-labels; undefined where it is none, or an address. */
export function hostNameOf(text: string): string | undefined {
  const trimmed = text.trim().replace(/\.$/, '')
  if (trimmed === '' || notInNames.test(trimmed)) return undefined
  const name = domainToASCII(trimmed)
  const labels = name.split('.')
  const fits = name.length <= 253 && labels.length >= 2 && labels.every(each => label.test(each))
  return fits && !/^\d+$/.test(labels.at(-1) ?? '') ? name : undefined
}

/** A name that is registered under this TLD: one label more than it. Undefined for anything else. */
export function nameUnder(tld: string, text: string): string | undefined {
  const name = hostNameOf(text)
  if (name?.endsWith(tld) !== true) return undefined
  const own = name.slice(0, -tld.length)
  return own === '' || own.includes('.') ? undefined : name
}
