export { correctTaxJob, correctTaxOfPaid, correctTaxSoon } from './correct-tax.ts'
