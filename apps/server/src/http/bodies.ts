import { isUtf8 } from 'node:buffer'
import { Busboy, type BusboyHeaders } from '@fastify/busboy'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '../refusal.ts'
import { type Fields, fieldsOfPairs, noFields, parseFields } from './fields.ts'
import { parseJson } from './json.ts'

/** A larger body is answered 413. */
export const bodyLimitBytes = 1024 * 1024

/**
 * Every form of body that published clients send ends as the same fields, so operations never see the difference.
 * One parser for all types: clients label JSON as a form (curl -d), or as plain text, or not at all.
 */
export function readBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    const encoding = request.headers['content-encoding']
    if (encoding !== undefined && encoding !== 'identity') throw new Refusal('unsupported_media_type')
    return readBody(request.headers['content-type'] ?? '', body)
  })
}

async function readBody(contentType: string, body: Buffer): Promise<Fields> {
  if (body.length === 0) return noFields
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (type === 'multipart/form-data') return readMultipart(contentType, body)
  if (type === 'application/json' || type === 'text/json' || type.endsWith('+json')) return readJson(textOf(body))
  if (type === 'application/x-www-form-urlencoded') return readText(textOf(body))
  if (type === '' || type === 'text/plain' || type === 'application/octet-stream') {
    const text = textOf(body)
    if (looksLikeJson(text) || /^[^\s=&]+=/.test(text)) return readText(text)
  }
  throw new Refusal('unsupported_media_type')
}

function textOf(body: Buffer): string {
  if (!isUtf8(body)) throw new Refusal('bad_request')
  const text = body.toString('utf8')
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

/** A form's names never start with a brace, so JSON under a form's label is told apart from one. */
function looksLikeJson(text: string): boolean {
  return /^\s*[{[]/.test(text)
}

function readText(text: string): Fields {
  return looksLikeJson(text) ? readJson(text) : readForm(() => parseFields(text))
}

function readJson(text: string): Fields {
  if (text.trim() === '') return noFields
  const value = parseJson(text)
  if (Array.isArray(value) && value.length === 0) return noFields // PHP's json_encode of no parameters
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('bad_request')
  return value as Fields // any JSON object is
}

function readForm(read: () => Fields): Fields {
  try {
    return read()
  } catch {
    throw new Refusal('bad_request')
  }
}

const pieceBytes = 16 * 1024

/** Text fields of a multipart form; files are taken from it by no operation so far and are left out. */
async function readMultipart(contentType: string, body: Buffer): Promise<Fields> {
  const pairs = await new Promise<[string, string][]>((resolve, reject) => {
    const found: [string, string][] = []
    let failed = false
    const fail = () => {
      failed = true
      reject(new Refusal('bad_request'))
    }
    try {
      const headers: BusboyHeaders = { 'content-type': contentType }
      const form = new Busboy({ headers, limits: { fieldSize: bodyLimitBytes, fields: 2000, parts: 2000 } })
      form.on('field', (name, value) => void found.push([name, value]))
      form.on('file', (_name, file) => void file.resume())
      for (const limit of ['fieldsLimit', 'partsLimit', 'error'] as const) form.on(limit, fail)
      form.on('finish', () => resolve(found))
      // By pieces: the parser goes on to the end of what it is given, also after a limit.
      for (let at = 0; at < body.length && !failed; at += pieceBytes) form.write(body.subarray(at, at + pieceBytes))
      form.end()
    } catch {
      fail() // no boundary
    }
  })
  // The parser has put U+FFFD where bytes were not UTF-8. Files may hold any bytes, so the body as a whole does not tell.
  if (pairs.some(pair => pair.join('').includes('\ufffd')) && !isUtf8(body)) throw new Refusal('bad_request')
  return readForm(() => fieldsOfPairs(pairs))
}
