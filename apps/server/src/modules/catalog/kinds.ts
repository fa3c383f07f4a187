/** Kinds of products, each with the id that the wire's `type` shows: shared by all installations. */
export const productKinds = {
  hosting: '1',
  reseller: '2',
  server: '3',
  other: '4',
  vps: '5',
  dns: '6',
  certificate: '7',
  domain: '8',
  mail: '9',
} as const
export type ProductKind = keyof typeof productKinds

/** The id of a kind; what is unknown counts as other. */
export function kindId(kind: string): string {
  return Object.entries(productKinds).find(([name]) => name === kind)?.[1] ?? productKinds.other
}
