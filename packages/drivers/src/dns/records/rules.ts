import type { TypeRule } from './rule.ts'
import { a, aaaa } from './types/address.ts'
import { caa } from './types/caa.ts'
import { ds, sshfp, tlsa } from './types/fingerprint.ts'
import { cname, ns, ptr } from './types/host.ts'
import { loc } from './types/loc.ts'
import { mx } from './types/mx.ts'
import { naptr } from './types/naptr.ts'
import { frame, mxe, url } from './types/pseudo.ts'
import { srv } from './types/srv.ts'
import { svcb } from './types/svcb.ts'
import { txt } from './types/txt.ts'
import type { CustomerType } from './types.ts'

/** Every type that a customer may write, with what is known about its data. */
export const rules: Readonly<Record<CustomerType, TypeRule>> = {
  A: a,
  AAAA: aaaa,
  CNAME: cname,
  MX: mx,
  NS: ns,
  TXT: txt,
  SRV: srv,
  CAA: caa,
  PTR: ptr,
  TLSA: tlsa,
  SSHFP: sshfp,
  NAPTR: naptr,
  SVCB: svcb,
  HTTPS: svcb,
  DS: ds,
  LOC: loc,
  URL: url,
  FRAME: frame,
  MXE: mxe,
}

/** The type that a client names, in any case of letters; undefined where there is none. */
export function parseType(text: string): CustomerType | undefined {
  const type = text.trim().toUpperCase()
  return isCustomerType(type) ? type : undefined
}

function isCustomerType(type: string): type is CustomerType {
  return Object.hasOwn(rules, type)
}
