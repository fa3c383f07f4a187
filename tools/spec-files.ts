import { operations, staffOperations } from '@innkeeper/contract'
import {
  apiVersion,
  errorsText,
  extensionOperations,
  operationsText,
  publishedOperations,
  staffApiDocument,
  swagger2,
  userApiDocument,
} from '@innkeeper/contract/render'
import { driversText, recordTypesText } from '@innkeeper/drivers'

/** The generated files of spec/, by name: the surface as text, so that every change of it is a reviewed diff. */
export function specFiles(): Record<string, string> {
  const shared = { serverUrl: 'https://my.example.com', version: apiVersion }
  const customers = { ...shared, profile: 'full' } as const
  const userApi = userApiDocument({ ...customers, title: 'User API', operations: publishedOperations('full') })
  const extensions = userApiDocument({ ...customers, title: 'User API extensions', operations: extensionOperations() })
  return {
    'operations.txt': operationsText(operations),
    'errors.md': errorsText(),
    'drivers.md': driversText(),
    'record-types.md': recordTypesText(),
    'openapi.json': jsonText(userApi),
    'swagger.json': jsonText(swagger2(userApi)),
    'extensions.json': jsonText(extensions),
    'staff-operations.txt': operationsText(staffOperations),
    'staff-openapi.json': jsonText(staffApiDocument({ ...shared, title: 'Staff API', operations: staffOperations })),
  }
}

function jsonText(document: object): string {
  return `${JSON.stringify(document, null, 1)}\n`
}
