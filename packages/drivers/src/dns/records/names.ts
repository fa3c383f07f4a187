import { domainToASCII } from 'node:url'

/** Letters, digits and hyphens, RFC 1123 §2.1. */
const hostLabel = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/
/** Owners may also carry underscores (RFC 8552): `_sip._tcp`, `_dmarc`, `selector._domainkey`. */
const ownerLabel = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/
/** RFC 2317 §4 names the reverse zones of small networks `0/25`. */
const reverseLabel = /^[a-z0-9_](?:[a-z0-9_/-]*[a-z0-9_])?$/

const longestName = 253
const longestLabel = 63

/**
 * A zone's name as the database keeps it: `Example.COM.` → `example.com`, `Exämple.com` → `xn--exmple-cua.com`.
 * Undefined where it is none: fewer than two labels (nobody is given a top-level domain), a label over 63 or a name over
 * 253 octets, an address. Reverse zones are fine, those of RFC 2317 too.
 */
export function parseZoneName(text: string): string | undefined {
  const labels = toLabels(text)
  const name = labels?.join('.')
  if (labels === undefined || name === undefined || name === 'in-addr.arpa' || name === 'ip6.arpa') return undefined
  return isFullName(labels, labels.slice(0, -2), ownerLabel) ? name : undefined
}

/**
 * The full owner name that a client means by `sent` inside `zone`; undefined where it is no owner name of the zone.
 *
 * The rule: `''` and `'@'` are the apex. A name that ends in the zone's name is meant as it is, with or without the last
 * dot. Any other name is relative to the zone, unless it ends in a dot: then it names something outside and is refused.
 * So inside example.com, `www`, `www.example.com` and `www.example.com.` are the same. `*` may be the whole first label.
 */
export function absoluteName(zone: string, sent: string): string | undefined {
  if (sent === '' || sent === '@') return zone
  const labels = toLabels(sent)
  if (labels === undefined) return undefined
  const written = labels.join('.')
  const inside = written === zone || written.endsWith(`.${zone}`)
  if (!inside && isDotted(sent)) return undefined
  const name = inside ? written : `${written}.${zone}`
  if (name.length > longestName) return undefined
  const pattern = isReverse(name) ? reverseLabel : ownerLabel
  const fits = labels.every((label, at) => pattern.test(label) || (at === 0 && label === '*'))
  return fits ? name : undefined
}

/**
 * An owner name as answers show it: `www.example.com` → `www`; the apex is the zone's name. What is shown means the same name
 * when it is sent, so `example.com.example.com` stays whole.
 */
export function relativeName(zone: string, full: string): string {
  if (full === zone || !full.endsWith(`.${zone}`)) return full
  const relative = full.slice(0, -zone.length - 1)
  return relative === zone || relative.endsWith(`.${zone}`) ? full : relative
}

/**
 * A host name as a target of MX, NS, SRV, PTR: lower case, A-labels, no last dot; undefined where it is none.
 *
 * A target is always a full name, with or without the last dot, never relative to the zone. A single label is refused:
 * whoever writes `mail` means `mail.example.com`, and publishing the top-level domain `mail` would lose their post.
 * Addresses are refused: a name whose last label is a number cannot exist (RFC 3696 §2).
 */
export function parseHostname(text: string): string | undefined {
  const labels = toLabels(text)
  return labels !== undefined && isFullName(labels, [], hostLabel) ? labels.join('.') : undefined
}

/** As parseHostname, for targets that need not be hosts: CNAME, SVCB and NAPTR also lead to `_dmarc.example.net`. */
export function parseTarget(text: string): string | undefined {
  const labels = toLabels(text)
  return labels !== undefined && isFullName(labels, labels, ownerLabel) ? labels.join('.') : undefined
}

/** The names above `name` inside `zone`, nearest first, without `name` and without the apex. */
export function* namesAbove(zone: string, name: string): Generator<string> {
  let at = name.indexOf('.') + 1
  while (at > 0 && name.length - at > zone.length) {
    yield name.slice(at)
    at = name.indexOf('.', at) + 1
  }
}

/** At least two labels that are host labels, those of `free` may be of another pattern. */
function isFullName(labels: readonly string[], free: readonly string[], pattern: RegExp): boolean {
  if (labels.length < 2 || /^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '')) return false
  const loose = isReverse(labels.join('.')) ? reverseLabel : pattern
  return labels.every((label, at) => hostLabel.test(label) || (at < free.length && loose.test(label)))
}

function isReverse(name: string): boolean {
  return name.endsWith('.in-addr.arpa')
}

/** UTS 46 takes the ideographic full stops for dots. */
function isDotted(text: string): boolean {
  return /[.\u3002\uff0e\uff61]$/.test(text)
}

/** Lower-case A-labels of a name, not yet checked for their characters; undefined where the name has a bad form. */
function toLabels(text: string): string[] | undefined {
  // A label of one character may become a longer A-label but never a shorter one: no need to convert what is too long.
  if (text.length > 4 * longestName) return undefined
  const plain = text.replace(/[\u3002\uff0e\uff61]/g, '.')
  const labels: string[] = []
  for (const part of (plain.endsWith('.') ? plain.slice(0, -1) : plain).split('.')) {
    const label = toLabel(part)
    if (label === undefined || label === '' || label.length > longestLabel) return undefined
    labels.push(label)
  }
  return labels.join('.').length > longestName ? undefined : labels
}

function toLabel(part: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is "ASCII"
  if (/^[\u0000-\u007f]*$/.test(part)) {
    const label = part.toLowerCase()
    return label.startsWith('xn--') && asciiLabel(label) !== label ? undefined : label
  }
  // domainToASCII decodes `%41` and stops at `#`: only characters that are labels as they are may reach it.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is "not ASCII"
  return /^(?:[a-z0-9_-]|[^\u0000-\u007f])+$/i.test(part) ? asciiLabel(part) : undefined
}

/** UTS 46 of one label; undefined where it is none. It stands before a fixed label because a numeric host is an address. */
function asciiLabel(label: string): string | undefined {
  const [ascii, rest] = domainToASCII(`${label}.test`).split('.')
  return rest === 'test' && ascii !== undefined && ascii !== '' ? ascii : undefined
}
