import { isIPv4 } from 'node:net'
import { type Content, oneWord, type Parsed, type RuleInput, refuse, type TypeRule } from '../rule.ts'
import type { Finding } from '../types.ts'

const longestUrl = 2048
/** `mxe-c0000201.` stands before the zone's name, and a number after it where the name is taken. */
const mxeLabel = 20

/** A web address to which visitors of the name are sent. It is served by the redirector, whose addresses are published. */
export const url: TypeRule = { parse: parseUrl, present: record => record.content }

/** A web address that visitors of the name see inside a frame. */
export const frame: TypeRule = { parse: parseUrl, present: record => record.content }

/** Mail for the name goes to this IPv4 address: published as MX to a host made for it. */
export const mxe: TypeRule = {
  parse({ zone, content }) {
    const address = oneWord(content)
    if (address === undefined || !isIPv4(address)) {
      return refuse('ipv4', 'content', 'an MXE record holds the IPv4 address of the mail server')
    }
    if (zone.length + mxeLabel > 253) return refuse('name', 'name', 'the zone name is too long for a mail host in it')
    return { content: address }
  },
  present: record => record.content,
}

function parseUrl({ name, content }: RuleInput): Parsed | Finding {
  const text = textOf(content)
  const parsed = text !== undefined && URL.canParse(text) ? new URL(text) : undefined
  if (parsed === undefined || !/^https?:\/\/[^/\\]/i.test(text ?? '')) {
    return refuse('content', 'content', 'the address is a whole one that begins with http:// or https://')
  }
  if (parsed.username !== '' || parsed.password !== '') {
    return refuse(
      'content',
      'content',
      'the address must not carry a user name or password: every visitor would see it',
    )
  }
  if (parsed.href.length > longestUrl) return refuse('content', 'content', `at most ${longestUrl} characters`)
  const host = parsed.hostname.replace(/\.$/, '')
  if (host === name || (name.startsWith('*.') && host.endsWith(name.slice(1)))) {
    return refuse('content', 'content', 'the address leads back to this name, visitors would never arrive')
  }
  return { content: parsed.href }
}

/** One line without spaces; URL would silently drop line breaks and tabs inside. */
function textOf(content: Content): string | undefined {
  const text = typeof content === 'string' ? content.trim() : undefined
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text === undefined || /[\s\u0000-\u001f\u007f"]/.test(text) || Buffer.from(text).toString() !== text
    ? undefined
    : text
}
