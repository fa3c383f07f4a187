import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'
import { type Asset, makeAsset, once, referenceScript, sendAsset } from './reference-assets.ts'
import {
  contentSecurityPolicy,
  documentAddress,
  type Reference,
  referencePage,
  scriptAddress,
  startScript,
} from './reference-page.ts'

const forever = 'public, max-age=31536000, immutable'
const askAgain = 'public, no-cache'
const javascript = 'text/javascript; charset=utf-8'

/** Serves the reference pages and the documents they show, all from here; each part is made when first asked for. */
export function registerReference(server: FastifyInstance, brandName: string, references: readonly Reference[]): void {
  const script = once(async () => makeAsset(javascript, await referenceScript()))
  serve(server, scriptAddress, script, { 'cache-control': forever })
  for (const reference of references) registerPage(server, brandName, reference, script)
  // Whoever types the bare address into a browser looks for the first page.
  const [first] = references
  if (first !== undefined) server.get('/', (_request, reply) => reply.redirect(first.page))
}

function registerPage(
  server: FastifyInstance,
  brandName: string,
  reference: Reference,
  script: () => Promise<Asset>,
): void {
  const documents = once(async () => {
    const texts = Object.entries(await reference.render())
    const type = 'application/json; charset=utf-8'
    return new Map(await Promise.all(texts.map(async ([name, text]) => [name, await makeAsset(type, text)] as const)))
  })
  const start = once(() => makeAsset(javascript, startScript(reference)))

  for (const { name } of reference.documents) {
    // Tools that run in a browser elsewhere (editors, generators) may read the documents; they hold no secret.
    const headers = { 'cache-control': askAgain, 'access-control-allow-origin': '*' }
    const document = async () => {
      const made = (await documents()).get(name)
      if (made === undefined) throw new Error(`no document ${name}`)
      return made
    }
    serve(server, documentAddress(reference, name), document, headers)
  }
  serve(server, `${reference.page}/start.js`, start, { 'cache-control': forever })

  server.register(async scope => {
    // Only this page: the API answers JSON. Whether the host speaks HTTPS only is for whoever runs the proxy to say.
    await scope.register(helmet, { contentSecurityPolicy, strictTransportSecurity: false })
    scope.get(reference.page, async (_request, reply) => {
      const [scriptFile, startFile] = await Promise.all([script(), start()])
      const html = referencePage(brandName, reference, { script: scriptFile.etag, start: startFile.etag })
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
