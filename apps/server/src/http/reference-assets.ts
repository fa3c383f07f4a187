import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, createGunzip, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A file made while the server runs. Only the compressed forms are kept: nearly every client takes one of them. */
export interface Asset {
  readonly type: string
  readonly etag: string
  readonly brotli: Buffer
  readonly gzip: Buffer
}

/** Compresses a file once, off the event loop; the quality is where brotli is still fast (0.5 s for the script). */
export async function makeAsset(type: string, content: string | Buffer): Promise<Asset> {
  const bytes = Buffer.from(content)
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
  const [brotli, gzipped] = await Promise.all([
    promisify(brotliCompress)(bytes, { params }),
    promisify<Buffer, Buffer>(gzip)(bytes),
  ])
  const etag = createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
  return { type, etag, brotli, gzip: gzipped }
}

/** Runs `make` at the first call and remembers what it gave; after a failure the next call tries again. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make().catch(error => {
      made = undefined
      throw error
    })
    return made
  }
}

/** Sends an asset in a form the client takes, or 304 when it has it (RFC 9110 §8.8.3, §12.5.3). */
export function sendAsset(request: FastifyRequest, reply: FastifyReply, asset: Asset): FastifyReply {
  const etag = `"${asset.etag}"`
  reply.header('etag', etag).header('vary', 'Accept-Encoding').header('x-content-type-options', 'nosniff')
  const known = request.headers['if-none-match']?.split(',').map(tag => tag.trim().replace(/^W\//, '')) ?? []
  if (known.includes(etag) || known.includes('*')) return reply.status(304).send()
  reply.type(asset.type)
  const taken = takenEncodings(request.headers['accept-encoding'])
  if (taken.has('br')) return reply.header('content-encoding', 'br').send(asset.brotli)
  if (taken.has('gzip')) return reply.header('content-encoding', 'gzip').send(asset.gzip)
  const plain = createGunzip()
  plain.end(asset.gzip)
  return reply.send(plain)
}

function takenEncodings(header: string | string[] | undefined): Set<string> {
  const offers = String(header ?? '')
    .toLowerCase()
    .split(',')
  return new Set(
    offers.filter(offer => !/;\s*q=0(\.0*)?\s*$/.test(offer)).map(offer => offer.split(';')[0]?.trim() ?? ''),
  )
}

/** The script of the reference page, from a program that ends: its package would keep 35 MB here (docs/decisions/0001). */
export async function referenceScript(): Promise<Buffer> {
  const program = fileURLToPath(new URL('./reference-script.mjs', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [program], {
    encoding: 'buffer',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 60_000,
  })
  return stdout
}
