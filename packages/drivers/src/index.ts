export * from './dns/driver.ts'
export * from './dns/records/types.ts'
export { DriverError } from './kit/driver-error.ts'
