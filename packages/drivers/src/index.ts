export { builtinDescription } from './dns/builtin/describe.ts'
export {
  createNameServer,
  type NameServer,
  type NameServerLog,
  type NameServerOptions,
} from './dns/builtin/name-server.ts'
export * from './dns/driver.ts'
export { powerDnsDescription } from './dns/powerdns/describe.ts'
export { createPowerDns, type PowerDnsOptions } from './dns/powerdns/driver.ts'
export { absoluteName, parseHostname, parseTarget, parseZoneName, relativeName } from './dns/records/names.ts'
export { publishedRecords } from './dns/records/published.ts'
export * from './dns/records/record.ts'
export { nextSerial, serialGreater } from './dns/records/serial.ts'
export * from './dns/records/types.ts'
export { recordTypesText } from './dns/records/types-text.ts'
export * from './dns/records/zone.ts'
export { driverDescriptions, driversText } from './drivers.ts'
export type { DriverDescription, DriverOption } from './kit/describe.ts'
export { DriverError } from './kit/driver-error.ts'
export * from './mail/driver.ts'
export { fileMailDescription } from './mail/file/describe.ts'
export { createFileMail, type FileMailOptions } from './mail/file/driver.ts'
export { smtpMailDescription } from './mail/smtp/describe.ts'
export { createSmtpMail, type SmtpOptions } from './mail/smtp/driver.ts'
export * from './vat/driver.ts'
export { viesDescription } from './vat/vies/describe.ts'
export { createVies, type ViesOptions } from './vat/vies/driver.ts'
