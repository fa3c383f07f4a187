export * from './amount.ts'
export * from './cart.ts'
export * from './cycle.ts'
export * from './tax.ts'
