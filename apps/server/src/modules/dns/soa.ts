import type { Zone } from '@innkeeper/drivers'
import type { DnsConfig } from '../../config.ts'

type SoaFields = Omit<Zone, 'name' | 'serial' | 'records'>

/** The SOA of every zone here but for the serial. The times are within what RFC 1912 §2.2 and RFC 2308 §5 advise. */
export function soaFields(config: DnsConfig): SoaFields {
  return {
    primary: config.nameServers[0] ?? 'localhost',
    mailbox: mailboxName(config.hostmaster),
    soaTtlSeconds: config.defaultTtlSeconds,
    refreshSeconds: 14_400,
    retrySeconds: 3_600,
    expireSeconds: 1_209_600,
    // How long a resolver remembers that a name is not there: short, as customers test names before they add them.
    minimumSeconds: 300,
  }
}

/** An e-mail address as the name a SOA writes it as: dots of the local part are escaped (RFC 1035 §8). */
export function mailboxName(email: string): string {
  const at = email.lastIndexOf('@')
  return `${email.slice(0, at).replaceAll('.', '\\.')}.${email.slice(at + 1)}`
}
