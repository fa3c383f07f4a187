import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What programs that had no part in writing a PDF read in it: poppler and qpdf. */
export interface ReadPdf {
  /** With the places of the page kept. */
  readonly text: string
  readonly pages: number
  /** By the names of pdfinfo. */
  readonly info: Readonly<Record<string, string>>
  readonly metadata: string
  readonly fonts: readonly { readonly name: string; readonly embedded: boolean; readonly subset: boolean }[]
  readonly attachments: Readonly<Record<string, string>>
  /** What qpdf has to say against it; empty if nothing. */
  readonly complaints: string
  /** Its objects as JSON. */
  readonly structure: string
}

export function readPdf(pdf: Uint8Array): ReadPdf {
  const folder = mkdtempSync(join(tmpdir(), 'innkeeper-pdf-'))
  try {
    const file = join(folder, 'it.pdf')
    writeFileSync(file, pdf)
    const run = (program: string, ...args: string[]) => execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' })
    const info = Object.fromEntries(
      run('pdfinfo', file)
        .split('\n')
        .map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
    )
    const listed = run('pdfdetach', '-list', file).split('\n').slice(1)
    const names = listed.flatMap(line => /^\d+: (.+)$/.exec(line)?.[1] ?? [])
    run('pdfdetach', '-saveall', '-o', folder, file)
    const complaints = run('qpdf', '--check', file)
    return {
      text: run('pdftotext', '-layout', file, '-'),
      pages: Number(info.Pages),
      info,
      metadata: run('pdfinfo', '-meta', file),
      fonts: run('pdffonts', file)
        .split('\n')
        .slice(2)
        .filter(line => line !== '')
        .map(fontOf),
      attachments: Object.fromEntries(names.map(name => [name, readFileSync(join(folder, name), 'utf8')])),
      complaints: /No syntax or stream encoding errors found/.test(complaints) ? '' : complaints,
      structure: run('qpdf', '--json', file),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function fontOf(line: string) {
  const [name = ''] = line.split(/\s+/)
  const [embedded, subset] = /\s(yes|no)\s+(yes|no)\s+(yes|no)\s+\d+\s+\d+\s*$/.exec(line)?.slice(1) ?? []
  return { name: name.replace(/^[A-Z]{6}\+/, ''), embedded: embedded === 'yes', subset: subset === 'yes' }
}
