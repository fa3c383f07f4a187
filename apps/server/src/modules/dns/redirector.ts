import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { App } from '../../context.ts'
import type { RedirectRecord } from './redirect-store.ts'
import { createRedirects, type FindRedirect } from './redirects.ts'

export interface Redirector {
  readonly port: number
  close(): Promise<void>
}

/**
 * The web server behind URL and FRAME records: their names lead to its address, and it answers by the Host of the
 * request. A URL record is a 301 to exactly what it says; path and query of the request are not carried over, as the
 * record names a page and not a site. A FRAME record is a page that shows the other one.
 */
export async function startRedirector(app: App, listen: { host: string; port: number }): Promise<Redirector> {
  const find = await createRedirects(app)
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000, maxHeaderSize: 16_384 })
  server.on('request', (request, response) => {
    answer(find, request, response).catch(error => {
      app.log.error({ err: error }, 'redirect failed')
      if (!response.headersSent) send(response, 503, 'Temporarily unavailable', { 'retry-after': '5' })
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(listen.port, listen.host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port, // a TCP server that listens has one
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(find: FindRedirect, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return send(response, 405, 'Method not allowed', { allow: 'GET, HEAD' })
  }
  const host = hostOf(request)
  const record = host === undefined ? undefined : await find(host)
  if (host === undefined || record === undefined) return send(response, 404, 'Nothing here')
  if (record.type === 'FRAME') return sendFrame(response, host, record)
  send(response, 301, 'Moved', { location: record.content, 'cache-control': cacheControl })
}

/** Browsers keep a 301 for ever unless told; a customer who changes the record wants it seen. */
const cacheControl = 'public, max-age=300'

/** The Host of a request as the table writes names; undefined where it cannot be one. */
function hostOf(request: IncomingMessage): string | undefined {
  const host = request.headers.host?.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '')
  return host !== undefined && host.length <= 253 && /^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/.test(host) ? host : undefined
}

function send(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  const body = `${text}\n`
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
    ...headers,
  })
  response.end(body) // Node sends no body to HEAD
}

function sendFrame(response: ServerResponse, host: string, { content }: RedirectRecord): void {
  const page = framePage(host, content)
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(page),
    'cache-control': cacheControl,
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-src http: https:",
    'x-content-type-options': 'nosniff',
  })
  response.end(page)
}

function framePage(title: string, url: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>html, body, iframe { margin: 0; border: 0; width: 100%; height: 100%; overflow: hidden }</style>
</head>
<body><iframe src="${escaped(url)}" title="${escaped(title)}"></iframe></body>
</html>
`
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}
