import helmet from '@fastify/helmet'
import { profiles } from '@innkeeper/contract'
import type { FastifyInstance } from 'fastify'
import type { App } from '../context.ts'
import { type Asset, makeAsset, once, referenceScript, sendAsset } from './reference-assets.ts'
import { referenceDocuments } from './reference-documents.ts'
import { addresses, contentSecurityPolicy, referencePage, startScript } from './reference-page.ts'

const forever = 'public, max-age=31536000, immutable'
const askAgain = 'public, no-cache'
const javascript = 'text/javascript; charset=utf-8'

/** Serves the reference page and the documents it shows, all from here; each part is made when first asked for. */
export function registerReference(server: FastifyInstance, app: Pick<App, 'config'>): void {
  const documents = once(async () => {
    const { openapi, swagger, extensions } = await referenceDocuments(app.config)
    const type = 'application/json; charset=utf-8'
    return {
      openapi: await makeAsset(type, openapi),
      swagger: await makeAsset(type, swagger),
      extensions: await makeAsset(type, extensions),
    }
  })
  const script = once(async () => makeAsset(javascript, await referenceScript()))
  const start = once(() => makeAsset(javascript, startScript(profiles[app.config.profile].schemes[0])))

  for (const name of ['openapi', 'swagger', 'extensions'] as const) {
    // Tools that run in a browser elsewhere (editors, generators) may read the documents; they hold no secret.
    const headers = { 'cache-control': askAgain, 'access-control-allow-origin': '*' }
    serve(server, addresses[name], async () => (await documents())[name], headers)
  }
  serve(server, addresses.script, script, { 'cache-control': forever })
  serve(server, addresses.start, start, { 'cache-control': forever })

  // Whoever types the bare address into a browser looks for this page.
  server.get('/', (_request, reply) => reply.redirect(addresses.page))

  server.register(async scope => {
    // Only this page: the API answers JSON. Whether the host speaks HTTPS only is for whoever runs the proxy to say.
    await scope.register(helmet, { contentSecurityPolicy, strictTransportSecurity: false })
    scope.get(addresses.page, async (_request, reply) => {
      const [scriptFile, startFile] = await Promise.all([script(), start()])
      const html = referencePage(app.config.brandName, { script: scriptFile.etag, start: startFile.etag })
      return reply.type('text/html; charset=utf-8').header('cache-control', askAgain).send(html)
    })
  })
}

function serve(
  server: FastifyInstance,
  path: string,
  asset: () => Promise<Asset>,
  headers: Readonly<Record<string, string>>,
): void {
  server.get(path, async (request, reply) => sendAsset(request, reply.headers(headers), await asset()))
}
