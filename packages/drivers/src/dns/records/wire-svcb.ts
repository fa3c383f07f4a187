import ipaddr from 'ipaddr.js'
import { tokenize } from './presentation.ts'
import { nameToWire } from './wire-name.ts'

/** SvcParamKeys by name (RFC 9460 §14.3.2, RFC 9461); any other is written `keyNNNNN`. */
const keys: Readonly<Record<string, number>> = {
  mandatory: 0,
  alpn: 1,
  'no-default-alpn': 2,
  port: 3,
  ipv4hint: 4,
  ech: 5,
  ipv6hint: 6,
  dohpath: 7,
}

/** SVCB and HTTPS data in wire form (RFC 9460 §2.2): priority, target uncompressed, parameters by ascending key. */
export function encodeSvcb(data: string): Buffer {
  const head = /^\s*(\d{1,5})\s+(\S+)(?=\s|$)/.exec(data)
  if (head?.[1] === undefined || head[2] === undefined || Number(head[1]) > 65535)
    throw new Error('no priority and target')
  const priority = Number(head[1])
  const params = readParams(data.slice(head[0].length))
  if (priority === 0 && params.size > 0) throw new Error('alias form with parameters')
  const parts = [unsigned16(priority), Buffer.from(nameToWire(head[2]), 'latin1')]
  for (const [key, value] of [...params].sort((a, b) => a[0] - b[0])) {
    parts.push(unsigned16(key), unsigned16(value.length), value)
  }
  return Buffer.concat(parts)
}

function readParams(text: string): Map<number, Buffer> {
  const params = new Map<number, Buffer>()
  const one = /\s+([a-z0-9-]+)(?:=("(?:[^"\\]|\\.)*"|[^\s"]*))?(?=\s|$)/y
  const rest = text.trimEnd()
  while (one.lastIndex < rest.length) {
    const match = one.exec(rest)
    if (match?.[1] === undefined) throw new Error('broken parameter')
    const key = keyNumber(match[1])
    if (params.has(key)) throw new Error(`${match[1]} twice`)
    params.set(key, encodeValue(key, match[2]))
  }
  const mandatory = params.get(0)
  for (let at = 0; mandatory !== undefined && at < mandatory.length; at += 2) {
    const key = mandatory.readUInt16BE(at)
    if (key === 0 || !params.has(key)) throw new Error('a mandatory key is missing')
  }
  return params
}

function keyNumber(name: string): number {
  const known = keys[name]
  if (known !== undefined) return known
  const digits = /^key(0|[1-9]\d{0,4})$/.exec(name)?.[1]
  if (digits === undefined || Number(digits) > 65534) throw new Error(`unknown key ${name}`)
  return Number(digits)
}

function encodeValue(key: number, text: string | undefined): Buffer {
  const bytes = text === undefined || text === '' ? undefined : tokenize(text)?.[0]?.bytes
  if (key === 2) {
    if (bytes !== undefined) throw new Error('no-default-alpn takes no value')
    return Buffer.alloc(0)
  }
  if (bytes === undefined || bytes.length === 0) {
    if (key < 8) throw new Error(`key${key} needs a value`)
    return Buffer.alloc(0)
  }
  const value = bytes.toString('latin1')
  switch (key) {
    case 0: {
      const numbers = value
        .split(',')
        .map(keyNumber)
        .sort((a, b) => a - b)
      if (new Set(numbers).size !== numbers.length) throw new Error('a mandatory key twice')
      return Buffer.concat(numbers.map(unsigned16))
    }
    case 1:
      return Buffer.concat(
        splitList(value).map(protocol => Buffer.from(String.fromCharCode(protocol.length) + protocol, 'latin1')),
      )
    case 3:
      if (!/^\d{1,5}$/.test(value) || Number(value) > 65535) throw new Error('bad port')
      return unsigned16(Number(value))
    case 4:
      return Buffer.concat(value.split(',').map(address => Buffer.from(ipaddr.IPv4.parse(address).toByteArray())))
    case 5:
      if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value) || value.length % 4 !== 0) throw new Error('ech is not base64')
      return Buffer.from(value, 'base64')
    case 6:
      return Buffer.concat(value.split(',').map(address => Buffer.from(ipaddr.IPv6.parse(address).toByteArray())))
    default:
      return bytes
  }
}

/** A comma separated list whose items may hold `\,` and `\\` (RFC 9460 appendix A.1). */
function splitList(value: string): string[] {
  if (!/^(?:[^\\]|\\[,\\])*$/.test(value)) throw new Error('a broken escape')
  const items = [...value.matchAll(/((?:[^,\\]|\\[,\\])*)(?:,|$)/gy)].map(match =>
    (match[1] ?? '').replace(/\\([,\\])/g, '$1'),
  )
  items.pop()
  if (value.endsWith(',')) items.push('')
  if (items.some(item => item.length === 0 || item.length > 255)) throw new Error('an empty or too long list item')
  return items
}

function unsigned16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}
