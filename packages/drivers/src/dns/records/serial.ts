const size = 2 ** 32

/** The serial after this one, RFC 1982 §3.1. 0 is left out, some secondaries take it for "never transferred". */
export function nextSerial(current: number): number {
  return (current + 1) % size || 1
}

/** Whether `a` is newer than `b`, RFC 1982 §3.2. Of two that are 2³¹ apart neither is. */
export function serialGreater(a: number, b: number): boolean {
  const ahead = (a - b + size) % size
  return ahead > 0 && ahead < size / 2
}
