import { type AnyOperation, profiles } from '@innkeeper/contract'
import type { Config } from '../config.ts'

/** The documents of this installation, serialised. */
export interface ReferenceDocuments {
  readonly openapi: string
  readonly swagger: string
  readonly extensions: string
}

/** Describes what this installation serves: its profile, its address, its brand. */
export async function referenceDocuments(config: Config): Promise<ReferenceDocuments> {
  // Not imported at the top: most processes never show a document, and the sample writer costs 9 MB and 50 ms.
  const render = await import('@innkeeper/contract/render')
  const { profile, dialect, publicUrl: serverUrl, brandName } = config
  const authorization = (profiles[profile].schemes as readonly string[]).includes('bearer')
    ? 'Bearer YOUR_TOKEN'
    : `Basic ${Buffer.from('user@example.com:password').toString('base64')}`
  const samples = (operation: AnyOperation) => render.samplesOf(operation, { serverUrl, authorization })
  const document = (title: string, operations: readonly AnyOperation[]) =>
    render.openapi31({ profile, dialect, serverUrl, title, version: render.apiVersion, operations, samples })
  const userApi = document(`${brandName} User API`, render.publishedOperations(profile))
  const extensions = document(`${brandName} User API: extensions`, render.extensionOperations())
  return {
    openapi: JSON.stringify(userApi),
    swagger: JSON.stringify(render.swagger2(userApi)),
    extensions: JSON.stringify(extensions),
  }
}
