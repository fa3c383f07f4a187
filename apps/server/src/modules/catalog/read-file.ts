import type { Currency } from '@innkeeper/money'
import { type Document, isScalar, parseDocument, visit } from 'yaml'
import type { CatalogueRow } from './catalogue-store.ts'
import type { Currencies } from './file-prices.ts'
import { CatalogueError, Place, type Problem } from './file-problems.ts'
import { isObject } from './file-readers.ts'
import { rowsOf } from './file-rows.ts'
import { currencyForm, type SectionName, type Sections, sectionsReader } from './file-sections.ts'

export interface CatalogueFile {
  readonly rows: ReadonlyMap<string, CatalogueRow>
  /** Sections that the file has. One that it leaves out stays as it is; one that it has, it has whole. */
  readonly sections: ReadonlySet<SectionName>
  /** What is wrong with it by itself. What that is wrong with has no rows. */
  readonly problems: readonly Problem[]
  /** Whether the file may have this, `products/web-m` for one: it names it, or its section cannot be read at all. */
  mayHave(section: string, key: string): boolean
}

/** Reads YAML or JSON. `known` are the currencies there are already, `timeZone` that of the days in the file. */
export function readCatalogue(source: string, known: Currencies, timeZone: string): CatalogueFile {
  const content = parse(source)
  const problems: Problem[] = []
  const top = new Place('', problems)
  const sections = sectionsReader(currenciesOf(content, known))(content, top)
  const { rows, problems: ofRows } = rowsOf(sections, timeZone)
  return {
    rows,
    sections: new Set(namesOf(sections)),
    problems: [...problems, ...ofRows],
    mayHave(section, key) {
      const own = isObject(content) ? content[section] : undefined
      return isObject(own) ? Object.hasOwn(own, key) : own !== undefined
    },
  }
}

function namesOf(sections: Sections): SectionName[] {
  const names = Object.keys(sections) as SectionName[] // the keys of this type
  return names.filter(name => sections[name] !== null)
}

/** JSON is YAML, but for tabs. */
function parse(source: string): unknown {
  // Its own look for keys that stand twice compares each with each, and takes minutes over a hostile file.
  const document = parseDocument(source, { merge: true, uniqueKeys: false })
  const problems = document.errors.map(({ message }) => ({ path: '', reason: message.trim() }))
  if (problems.length === 0) problems.push(...repetitions(document))
  if (problems.length > 0) throw new CatalogueError(problems)
  try {
    return document.toJS() as unknown
  } catch (error) {
    // An alias of what is not there, or so many that they would fill the memory.
    throw new CatalogueError([{ path: '', reason: error instanceof Error ? error.message : String(error) }])
  }
}

const maxAliases = 100

/** Keys that stand twice in one mapping, and more aliases than anybody writes: each is looked up in the whole file. */
function repetitions(document: Document): Problem[] {
  const problems: Problem[] = []
  let aliases = 0
  visit(document, {
    Alias() {
      aliases++
    },
    Map(_, { items }) {
      const seen = new Set<unknown>()
      for (const { key } of items) {
        const name = isScalar(key) ? key.value : key
        if (name !== '<<' && seen.has(name)) problems.push({ path: String(name), reason: 'Map keys must be unique' })
        seen.add(name)
      }
    },
  })
  if (aliases > maxAliases) problems.push({ path: '', reason: `more than ${maxAliases} aliases` })
  return problems
}

/**
 * Currencies of the file before those that are known; read ahead, since amounts depend on their decimals. Where these are
 * wrong, any amount will do: that they are is told once, and not again at each amount.
 */
function currenciesOf(content: unknown, known: Currencies): Currencies {
  const currencies = new Map<string, Currency>(known)
  const own = isObject(content) ? content.currencies : undefined
  for (const [code, currency] of Object.entries(isObject(own) ? own : {})) {
    if (!currencyForm.test(code)) continue
    const exponent = ([0, 2, 3] as const).find(each => isObject(currency) && currency.decimals === each)
    currencies.set(code, { code, exponent: exponent ?? 3 })
  }
  return currencies
}
