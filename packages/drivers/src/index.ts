export { builtinDescription } from './dns/builtin/describe.ts'
export {
  createNameServer,
  type NameServer,
  type NameServerLog,
  type NameServerOptions,
} from './dns/builtin/name-server.ts'
export * from './dns/driver.ts'
export * from './dns/records/types.ts'
export { DriverError } from './kit/driver-error.ts'
