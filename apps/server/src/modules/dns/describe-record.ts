import type { StoredRecord } from '@innkeeper/drivers'

/** A record in one line for the log that people read; long contents are cut. */
export function describeRecord({ name, type, content }: StoredRecord): string {
  const shown = content.length > 80 ? `${content.slice(0, 80)}…` : content
  return `${name} ${type} ${shown}`
}
