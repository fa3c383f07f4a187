import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { specFiles } from './spec-files.ts'

// `npm run spec`: writes spec/ anew. CI runs the test beside this file, which fails when spec/ is not what this writes.
const folder = join(import.meta.dirname, '..', 'spec')
await mkdir(folder, { recursive: true })
for (const [name, text] of Object.entries(specFiles())) await writeFile(join(folder, name), text)
