import { OneOf } from '../wire.ts'

/** Where a service stands, certificates included. */
export const ServiceStatus = OneOf(['Pending', 'Active', 'Suspended', 'Terminated', 'Cancelled', 'Fraud'])
