import { Refusal } from '../../refusal.ts'

type Code = 'field_empty_error' | 'field_format_error'

/** What is wrong with which field, so that one refusal tells all of it. */
export type WrongFields = Map<string, Code>

/** Refuses if anything was noted. */
export function refuseWrong(wrong: WrongFields): void {
  const [first] = wrong
  if (first === undefined) return
  const fields = Object.fromEntries([...wrong].map(([name, code]) => [name, [code]]))
  throw new Refusal(first[1], { also: [first[0]], fields })
}
