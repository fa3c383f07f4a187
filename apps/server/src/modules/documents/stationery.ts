import { readFile } from 'node:fs/promises'
import type { Stationery } from '@innkeeper/documents'
import type { App } from '../../context.ts'

/** Paper and logo of the provider. The file is read once; one that cannot be read is told of, and left out. */
export function stationeryOf({ config, log }: Pick<App, 'config' | 'log'>): () => Promise<Stationery> {
  const { paper } = config.billing
  const path = config.seller.logo
  let known: Promise<Stationery> | undefined
  const read = async (): Promise<Stationery> => {
    if (path === undefined) return { paper, logo: null }
    try {
      return { paper, logo: await readFile(path) }
    } catch (error) {
      log.warn({ err: error, path }, 'seller.logo cannot be read, so documents go out without it')
      return { paper, logo: null }
    }
  }
  return () => {
    known ??= read()
    return known
  }
}
