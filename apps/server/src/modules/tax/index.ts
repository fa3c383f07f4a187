export { taxTreatment } from './tax-treatment.ts'
