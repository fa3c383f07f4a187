/** Writing mails to files as data, for the admin form, the docs page and the registry of drivers. */
export const fileMailDescription = {
  name: 'file',
  title: 'Files in a folder',
  options: [{ name: 'folder', type: 'path', help: 'Where the .eml files go.' }],
  capabilities: [],
  links: ['https://www.rfc-editor.org/rfc/rfc5322'],
} as const
