import { parsePercent } from '@innkeeper/money'
import type { Place } from './file-problems.ts'

/*
 * Readers of what an operator wrote. A schema would check as much, and say less: "does not match any of 3 schemas" is no
 * help to somebody who forgot a price. Each reader gives what it read, or notes what is wrong and gives undefined; lists
 * and maps give the rest of what they hold, so that one run finds everything.
 */

export type Read<T> = (value: unknown, at: Place) => T | undefined

export function text(maxLength: number): Read<string> {
  return (value, at) => {
    if (typeof value !== 'string') return at.wrong(`is ${kindOf(value)}, not a text`)
    if (value.length > maxLength) return at.wrong(`is longer than ${maxLength} characters`)
    return /[\0\p{Surrogate}]/u.test(value) ? at.wrong('holds a character that cannot be stored') : value.trim()
  }
}

/** A text of this form; `what` names it for messages. */
export function textLike(form: RegExp, what: string): Read<string> {
  return (value, at) => {
    const read = text(200)(value, at)
    return read === undefined || form.test(read) ? read : at.wrong(`"${read}" is not ${what}`)
  }
}

export const flag: Read<boolean> = (value, at) =>
  typeof value === 'boolean' ? value : at.wrong(`is ${kindOf(value)}, not true or false`)

export function whole(minimum: number, maximum: number): Read<number> {
  return (value, at) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum) return value
    return at.wrong(`is not a whole number from ${minimum} to ${maximum}`)
  }
}

export function oneOf<const Value extends string>(values: readonly Value[]): Read<Value> {
  return (value, at) =>
    values.find(each => each === value) ?? at.wrong(`is ${shown(value)}, not one of ${values.join(', ')}`)
}

/** A percentage of at least so many thousandths, as numeric columns write it. */
export function percent(least: number): Read<string> {
  return (value, at) => {
    const read = isNumberLike(value) ? parsePercent(value) : undefined
    if (read === undefined || read < least)
      return at.wrong(
        `is ${shown(value)}, not a percentage ${least === 0 ? 'from 0' : 'above 0 and up'} to 100 with at most three decimals`,
      )
    return String(read / 1000)
  }
}

/** A calendar day. */
export const day: Read<string> = (value, at) => {
  const read =
    typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? new Date(`${value}T00:00:00Z`) : undefined
  if (read === undefined || Number.isNaN(read.getTime()) || read.toISOString().slice(0, 10) !== value)
    return at.wrong(`is ${shown(value)}, not a day like 2026-12-31`)
  return value
}

/** Options of a driver, or conditions for clients: whatever they understand. */
export const anyObject: Read<Readonly<Record<string, unknown>>> = (value, at) =>
  isObject(value) ? value : at.wrong(`is ${kindOf(value)}, not keys with values`)

export function listOf<T>(read: Read<T>): Read<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) return at.wrong(`is ${kindOf(value)}, not a list`)
    return value.map((item, index) => read(item, at.below(String(index + 1)))).filter(item => item !== undefined)
  }
}

/** Keys of the operator's choice, each with the same kind of value; in the order of the file. */
export function mapOf<T>(
  form: RegExp,
  what: string,
  read: (value: unknown, at: Place, key: string) => T | undefined,
): Read<ReadonlyMap<string, T>> {
  return (value, at) => {
    if (!isObject(value)) return at.wrong(`is ${kindOf(value)}, not keys with values`)
    const map = new Map<string, T>()
    for (const [key, each] of Object.entries(value)) {
      const item = form.test(key) ? read(each, at.below(key), key) : at.below(key).wrong(`"${key}" is not ${what}`)
      if (item !== undefined) map.set(key, item)
    }
    return map
  }
}

/** A key of an object: how to read it, and what holds where it is left out. */
export interface Key<T> {
  readonly read: Read<T>
  readonly otherwise?: T
}
export function needed<T>(read: Read<T>): Key<T> {
  return { read }
}
export function optional<T>(read: Read<T>, otherwise: T): Required<Key<T>>
export function optional<T>(read: Read<T>, otherwise: null): Required<Key<T | null>>
export function optional<T>(read: Read<T>, otherwise: T): Required<Key<T>> {
  return { read, otherwise }
}

type Keys = Readonly<Record<string, Key<unknown>>>
export type Content<K extends Keys> = { readonly [Name in keyof K]: K[Name] extends Key<infer T> ? T : never }

/** These keys and no others. */
export function object<K extends Keys>(keys: K): Read<Content<K>> {
  return (value, at) => {
    const problems = at.problems.length
    const content = contentOf(keys, value, at)
    return at.problems.length === problems ? (content as Content<K>) : undefined // each key was read by its reader
  }
}

type OptionalKeys = Readonly<Record<string, Required<Key<unknown>>>>

/** What can be read of these keys, all of which may be left out; for the rest, what holds where they are. */
export function readable<K extends OptionalKeys>(keys: K): (value: unknown, at: Place) => Content<K> {
  return (value, at) => {
    const content = contentOf(keys, value, at)
    const whole = Object.entries(keys).map(([name, { otherwise }]) => [name, content?.[name] ?? otherwise])
    return Object.fromEntries(whole) as Content<K> // each key was read by its reader, or is what it is without one
  }
}

function contentOf(keys: Keys, value: unknown, at: Place): Readonly<Record<string, unknown>> | undefined {
  const source = value === null ? {} : value // `bank:` alone, in YAML
  if (!isObject(source)) return at.wrong(`is ${kindOf(value)}, not keys with values`)
  for (const name of Object.keys(source))
    if (!Object.hasOwn(keys, name))
      at.below(name).wrong(`there is no such key; known are ${Object.keys(keys).join(', ')}`)
  return Object.fromEntries(
    Object.entries(keys).map(([name, key]) => [name, fieldOf(key, source[name], at.below(name))]),
  )
}

function fieldOf({ read, otherwise }: Key<unknown>, value: unknown, at: Place): unknown {
  if (value !== undefined) return read(value, at)
  return otherwise === undefined ? at.wrong('is missing') : otherwise
}

export function isNumberLike(value: unknown): value is string | number {
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function shown(value: unknown): string {
  return isNumberLike(value) || typeof value === 'boolean' ? JSON.stringify(value) : kindOf(value)
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'keys with values'
  return typeof value === 'string' ? 'a text' : typeof value === 'boolean' ? 'true or false' : `a ${typeof value}`
}
