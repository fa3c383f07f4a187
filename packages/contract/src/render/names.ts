/** `dns.createRecord` → `DnsCreateRecord`, `invalid method` → `InvalidMethod`: a name fit for a component or a class. */
export function pascal(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .filter(part => part !== '')
    .map(part => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')
}
