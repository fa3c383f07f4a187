import { type AnyOperation, profiles, staffOperations } from '@innkeeper/contract'
import type { Config } from '../config.ts'
import type { Reference } from './reference-page.ts'

/** Describes what this installation serves to customers: its profile, its address, its brand. */
export function userReference(config: Config): Reference {
  const { profile, dialect, publicUrl: serverUrl, brandName } = config
  const [scheme] = profiles[profile].schemes
  return {
    page: '/userapi',
    title: 'User API',
    apiPath: '/api',
    scheme,
    documents: [
      { name: 'openapi', label: 'OpenAPI 3.1', shown: { title: 'User API', slug: 'user-api' } },
      { name: 'swagger', label: 'Swagger 2.0' },
      { name: 'extensions', label: 'Extensions', shown: { title: 'Extensions', slug: 'extensions' } },
    ],
    async render() {
      const render = await renderers()
      const authorization =
        scheme === 'bearer'
          ? 'Bearer YOUR_TOKEN'
          : `Basic ${Buffer.from('user@example.com:password').toString('base64')}`
      const samples = (operation: AnyOperation) => render.samplesOf(operation, { serverUrl, authorization })
      const document = (title: string, operations: readonly AnyOperation[]) =>
        render.userApiDocument({ profile, dialect, serverUrl, title, version: render.apiVersion, operations, samples })
      const userApi = document(`${brandName} User API`, render.publishedOperations(profile))
      const extensions = document(`${brandName} User API: extensions`, render.extensionOperations())
      return {
        openapi: JSON.stringify(userApi),
        swagger: JSON.stringify(render.swagger2(userApi)),
        extensions: JSON.stringify(extensions),
      }
    },
  }
}

/** Describes the staff API, which is the same everywhere. */
export function staffReference({ publicUrl: serverUrl, brandName }: Config): Reference {
  return {
    page: '/adminapi',
    title: 'Staff API',
    apiPath: '/admin/api',
    scheme: 'bearer',
    documents: [{ name: 'openapi', label: 'OpenAPI 3.1', shown: { title: 'Staff API', slug: 'staff-api' } }],
    async render() {
      const render = await renderers()
      const sampled = { serverUrl, basePath: '/admin/api', authorization: 'Bearer YOUR_TOKEN' }
      const document = render.staffApiDocument({
        serverUrl,
        title: `${brandName} Staff API`,
        version: render.apiVersion,
        operations: staffOperations,
        samples: operation => render.samplesOf(operation, sampled),
      })
      return { openapi: JSON.stringify(document) }
    },
  }
}

/** Not imported at the top: most processes never show a document, and the sample writer costs 9 MB and 50 ms. */
function renderers() {
  return import('@innkeeper/contract/render')
}
