export { dnsHandlers } from './routes.ts'
