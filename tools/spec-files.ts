import { operations } from '@innkeeper/contract'
import {
  apiVersion,
  errorsText,
  extensionOperations,
  openapi31,
  operationsText,
  publishedOperations,
  swagger2,
} from '@innkeeper/contract/render'
import { driversText, recordTypesText } from '@innkeeper/drivers'

/** The generated files of spec/, by name: the surface as text, so that every change of it is a reviewed diff. */
export function specFiles(): Record<string, string> {
  const shared = { profile: 'full', serverUrl: 'https://my.example.com', version: apiVersion } as const
  const userApi = openapi31({ ...shared, title: 'User API', operations: publishedOperations('full') })
  const extensions = openapi31({ ...shared, title: 'User API extensions', operations: extensionOperations() })
  return {
    'operations.txt': operationsText(operations),
    'errors.md': errorsText(),
    'drivers.md': driversText(),
    'record-types.md': recordTypesText(),
    'openapi.json': jsonText(userApi),
    'swagger.json': jsonText(swagger2(userApi)),
    'extensions.json': jsonText(extensions),
  }
}

function jsonText(document: object): string {
  return `${JSON.stringify(document, null, 1)}\n`
}
