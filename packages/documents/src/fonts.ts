import { readFileSync } from 'node:fs'
import { create, type Font } from 'fontkit'

export type Weight = 'regular' | 'bold'

/** A font file that is open. */
export interface OpenFont {
  /** Under which a PDF document knows it. */
  readonly name: string
  readonly font: Font
}

const files = {
  regular: ['NotoSans-Regular', 'DejaVuSans', 'DroidSansFallback', 'NanumSquare'],
  // Rare scripts have no bold here: a name in them is read all the same.
  bold: ['NotoSans-Bold', 'NotoSans-Regular', 'DejaVuSans', 'DroidSansFallback', 'NanumSquare'],
} as const

const open = new Map<string, OpenFont>()

/** Opening a font costs more than a page of text, so each is opened once. */
function opened(name: string): OpenFont {
  const known = open.get(name)
  if (known !== undefined) return known
  const made = create(readFileSync(new URL(`../fonts/${name}.ttf`, import.meta.url)))
  if (!('layout' in made)) throw new Error(`${name}.ttf is a collection of fonts`)
  const font = { name, font: made }
  open.set(name, font)
  return font
}

/** Every font, opened. */
export function everyFont(): OpenFont[] {
  return [...new Set([...files.regular, ...files.bold])].map(opened)
}

/** A piece of text that one font has all characters of. */
export interface TextRun {
  readonly font: string
  readonly text: string
}

/** What stands where no font has the character: PDF/A forbids the fonts' own picture of a missing glyph (§6.2.11.8). */
const substitute = '\u25a1'

/** Cuts a text into runs by the first font that has each character. Control characters are left out. */
export function runsOf(text: string, weight: Weight): TextRun[] {
  const runs: { font: string; text: string }[] = []
  for (const character of text.replaceAll(/\p{Cc}|\p{Cs}|\p{Cf}/gu, '')) {
    const font = fontFor(character, weight)
    const last = runs.at(-1)
    const shown = font === undefined ? substitute : character
    const name = font ?? fontFor(substitute, weight) ?? files.regular[0]
    // Spaces and marks stay with what is before them, if its font has them.
    if (last !== undefined && (last.font === name || (/^[\s\p{M}]$/u.test(shown) && has(last.font, shown))))
      last.text += shown
    else runs.push({ font: name, text: shown })
  }
  return runs
}

function fontFor(character: string, weight: Weight): string | undefined {
  return files[weight].find(name => has(name, character))
}

function has(name: string, character: string): boolean {
  return opened(name).font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0)
}
