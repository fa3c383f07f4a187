export { renderCii } from './cii.ts'
export type { DocumentDay, DocumentLine, InvoiceDocument, Party, Stationery } from './invoice-document.ts'
export { renderPdf } from './pdf.ts'
export { openRenderer, type Renderer, RendererBusy, type RendererOptions } from './renderer.ts'
