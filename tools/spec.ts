import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { configurationText } from '../apps/server/src/configuration-text.ts'
import { specFiles } from './spec-files.ts'

// `npm run spec`: writes spec/ and docs/configuration.md anew. CI runs tests that fail when they are not what this writes.
const folder = join(import.meta.dirname, '..', 'spec')
await mkdir(folder, { recursive: true })
for (const [name, text] of Object.entries(specFiles())) await writeFile(join(folder, name), text)
await writeFile(join(import.meta.dirname, '..', 'docs', 'configuration.md'), configurationText())
