export { parsePrivileges } from './privilege-parse.ts'
export { intersect, withinTree } from './privilege-sets.ts'
export * from './privilege-tree.ts'
