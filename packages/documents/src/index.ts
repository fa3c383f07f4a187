export type { DocumentDay, DocumentLine, InvoiceDocument, Party, Stationery } from './invoice-document.ts'
