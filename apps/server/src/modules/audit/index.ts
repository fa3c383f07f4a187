export { audit, auditRow, type Happening } from './record.ts'
