export { audit, auditAll, auditRow, type Happening } from './record.ts'
export { type AuditRow, auditColumns, auditOf, auditParameters, auditTrail, countAudit } from './store.ts'
