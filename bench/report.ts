import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A figure with what it may be; without `atLeast` and `atMost` it is only told. */
export interface Figure {
  readonly what: string
  readonly value: number
  readonly atLeast?: number
  readonly atMost?: number
}

/** Writes bench/results/NAME.json, prints a table, and fails the process where a limit is missed. */
export async function report(name: string, figures: readonly Figure[], details: object): Promise<void> {
  const folder = join(import.meta.dirname, 'results')
  const rounded = figures.map(figure => ({ ...figure, value: Number(figure.value.toPrecision(4)) }))
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify({ figures: rounded, ...details }, undefined, 2)}\n`)
  console.table(rounded.map(figure => ({ ...figure, ...(isLimited(figure) ? { held: isHeld(figure) } : {}) })))
  if (!figures.every(isHeld)) process.exitCode = 1
}

function isLimited({ atLeast, atMost }: Figure): boolean {
  return atLeast !== undefined || atMost !== undefined
}

/** NaN, which a measurement that went wrong gives, holds nothing. */
function isHeld(figure: Figure): boolean {
  const { value, atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = figure
  return !isLimited(figure) || (value >= atLeast && value <= atMost)
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

/** The value that 99 of 100 do not exceed. */
export function p99(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.99) - 1] ?? Number.NaN
}
