/** Where an answer lacks a key of the example, or has another JSON type there; empty when it fits. */
export function differences(example: unknown, answer: unknown, path = '$'): string[] {
  const wanted = jsonType(example)
  const got = jsonType(answer)
  if (wanted !== got) return [`${path} is ${got} and should be ${wanted}`]
  if (Array.isArray(example) && Array.isArray(answer)) {
    if (example.length === 0) return [] // it does not show what such a list holds
    if (answer.length === 0) return [`${path} is empty`]
    return answer.flatMap((item, index) =>
      differences(example[Math.min(index, example.length - 1)], item, `${path}[${index}]`),
    )
  }
  if (isObject(example) && isObject(answer)) {
    return Object.keys(example).flatMap(key =>
      key in answer
        ? differences(example[key], answer[key], `${path}.${key}`)
        : isId(key)
          ? []
          : [`${path}.${key} is missing`],
    )
  }
  return []
}

/** Keys that are ids differ from example to answer. */
function isId(key: string): boolean {
  return /^\d+$/.test(key)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function jsonType(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
