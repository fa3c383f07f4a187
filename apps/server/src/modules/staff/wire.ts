/** A moment as the staff API shows it: ISO 8601 in UTC, null when it has not come. */
export function wireMoment(moment: Date | null): string | null {
  return moment === null ? null : moment.toISOString()
}
