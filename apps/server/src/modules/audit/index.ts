export { audit, auditRow, type Happening } from './record.ts'
export { auditOf, countAudit } from './store.ts'
