import { hexOf, refuse, type TypeRule, wholeNumber, words } from '../rule.ts'

/** RFC 6698 §2.1.3: SHA-256 and SHA-512; matching type 0 is the whole certificate, of any length. */
const tlsaDigits = new Map([
  [1, 64],
  [2, 128],
])
/** RFC 4255 §3.1, RFC 6594, RFC 7479, RFC 8709. */
const sshAlgorithms = new Set([1, 2, 3, 4, 6])
const sshfpDigits = new Map([
  [1, 40],
  [2, 64],
])
/** The algorithms a child zone may be signed with, deprecated ones too: whoever still has one must be able to say so. */
const dsAlgorithms = new Set([1, 2, 3, 5, 6, 7, 8, 10, 12, 13, 14, 15, 16])
/** SHA-1, SHA-256 (RFC 4509), SHA-384 (RFC 6605). */
const dsDigits = new Map([
  [1, 40],
  [2, 64],
  [4, 96],
])

/** RFC 6698, RFC 7671. Owned by `_port._proto`, where the port may be `*`. */
export const tlsa: TypeRule = {
  parse({ name, content }) {
    const port = /^(?:_(\d{1,5})|\*)\._[^.]+\./.exec(name)
    if (port === null || Number(port[1] ?? 0) > 65535) {
      return refuse('name', 'name', 'a TLSA record is named _port._protocol, such as _443._tcp')
    }
    const [usage, selector, matching, ...rest] = words(content) ?? []
    const numbers = [wholeNumber(usage?.text, 3), wholeNumber(selector?.text, 1), wholeNumber(matching?.text, 2)]
    const hex = hexOf(rest)
    if (numbers.includes(undefined) || hex === undefined) {
      return refuse('content', 'content', 'a TLSA record holds usage 0-3, selector 0-1, matching 0-2 and hex digits')
    }
    const digits = tlsaDigits.get(numbers[2] ?? 0)
    if (digits !== undefined && hex.length !== digits) {
      return refuse('content', 'content', `matching type ${numbers[2]} has ${digits} hex digits`)
    }
    return { content: `${numbers.join(' ')} ${hex}` }
  },
  present: record => record.content,
}

/** RFC 4255: the fingerprint of a host's SSH key. */
export const sshfp: TypeRule = {
  parse({ content }) {
    const [algorithm, type, ...rest] = words(content) ?? []
    const algorithmNumber = wholeNumber(algorithm?.text, 255)
    const typeNumber = wholeNumber(type?.text, 255)
    const hex = hexOf(rest)
    if (algorithmNumber === undefined || !sshAlgorithms.has(algorithmNumber)) {
      return refuse('content', 'content', 'the SSHFP algorithm is 1 RSA, 2 DSA, 3 ECDSA, 4 Ed25519 or 6 Ed448')
    }
    if (typeNumber === undefined || hex === undefined || sshfpDigits.get(typeNumber) !== hex.length) {
      return refuse('content', 'content', 'the SSHFP type is 1 with 40 hex digits or 2 with 64')
    }
    return { content: `${algorithmNumber} ${typeNumber} ${hex}` }
  },
  present: record => record.content,
}

/** RFC 4034 §5: the key of a signed child zone. That it stands at a delegation is the zone's rule. */
export const ds: TypeRule = {
  parse({ content }) {
    const [tag, algorithm, type, ...rest] = words(content) ?? []
    const keyTag = wholeNumber(tag?.text, 65535)
    const algorithmNumber = wholeNumber(algorithm?.text, 255)
    const typeNumber = wholeNumber(type?.text, 255)
    const hex = hexOf(rest)
    if (keyTag === undefined || algorithmNumber === undefined || !dsAlgorithms.has(algorithmNumber)) {
      return refuse(
        'content',
        'content',
        'a DS record holds a key tag from 0 to 65535 and a known algorithm such as 13',
      )
    }
    if (typeNumber === undefined || hex === undefined || dsDigits.get(typeNumber) !== hex.length) {
      return refuse('content', 'content', 'the DS digest type is 1 with 40 hex digits, 2 with 64 or 4 with 96')
    }
    return { content: `${keyTag} ${algorithmNumber} ${typeNumber} ${hex}` }
  },
  present: record => record.content,
}
