import type { Access, AnyOperation } from '../op.ts'
import { type AuthScheme, type Dialect, type ProfileName, profiles } from '../profiles.ts'
import { staffRights, staffRoles } from '../staff/roles.ts'
import { isPlanned } from './declared.ts'

/** The text of an operation: what it does, and who may do it. */
export function paragraphs(operation: AnyOperation): string {
  const also = operation.alsoMethods ?? []
  return [
    isPlanned(operation) ? '**Planned.** This server does not carry it out yet and answers `invalid method`.' : '',
    operation.description ?? '',
    also.length === 0 ? '' : `${also.join(' and ')} to this path ${also.length === 1 ? 'means' : 'mean'} the same.`,
    accessRule(operation.access),
  ]
    .filter(text => text !== '')
    .join('\n\n')
}

function accessRule(access: Access): string {
  switch (access.kind) {
    case 'public':
      return 'Needs no sign-in.'
    case 'signed-in':
      return ''
    case 'staff':
      return access.right === undefined ? '' : `For ${staffRights[access.right].roles.join(', ')}.`
    case 'area':
      return `Needs the privilege \`${access.area}.${access.key}\`.`
    case 'object':
      return `Needs the privilege \`${access.key}\` on the ${access.area === 'services' ? 'service' : 'domain'}.`
    case 'listed':
      return `Shows the ${access.area} on which you have the privilege \`${access.key}\`.`
  }
}

/** What holds for both APIs. */
const wire = [
  'Send fields as JSON or as a form, also with PHP brackets (`nameservers[0]=…`), or in the query. ' +
    'Answers are JSON. A change that worked carries `"success": true`; a failure carries `"success": false`, `error` with ' +
    'codes, and `fields` with codes by field when the input was invalid.',
  'Any change may carry an `Idempotency-Key`: the same request with the same key is carried out once.',
]

/** The same for the staff API, with the matrix of its roles. */
export function staffIntroduction(): string {
  const rows = Object.entries(staffRights).map(([right, { meaning, roles }]) => {
    const cells = staffRoles.map(role => ((roles as readonly string[]).includes(role) ? 'yes' : ''))
    return `| \`${right}\`: ${meaning} | ${cells.join(' | ')} |`
  })
  return [
    'For the people of the provider. `POST /login` takes e-mail address and password and answers a challenge; ' +
      '`POST /login/verify` takes it with the code of the second factor and answers a token, good for 12 hours, to be sent ' +
      'as `Authorization: Bearer …`.',
    ...wire,
    'Moments are ISO 8601 in UTC, days `YYYY-MM-DD`, amounts decimal texts in the currency beside them; what is not set is ' +
      'null. Lists come newest first, `perpage` rows at a time; send `next` of the answer as `before` to go on.',
    'Everything that changes something is written to the audit trail with the name of who did it. Who may do what:',
    [`| may | ${staffRoles.join(' | ')} |`, `|---|${staffRoles.map(() => '---|').join('')}`, ...rows].join('\n'),
  ].join('\n\n')
}

/** The text before the operations of the User API: how to sign in, to ask and to read answers. */
export function introduction(profile: ProfileName, dialect: Dialect): string {
  const schemes: readonly AuthScheme[] = profiles[profile].schemes
  const bearer = 'an access token of `/login` or a personal token as `Authorization: Bearer …`'
  const basic = 'your e-mail address and password as HTTP Basic'
  const ways = schemes.map(scheme => (scheme === 'bearer' ? bearer : basic)).join(', or ')
  return [
    `Sign in with ${ways}.`,
    'The operations behind that, `/mfa/verify` for the second factor and `/tokens` for personal tokens, are in the ' +
      'document of extensions.',
    ...wire,
    dialect === 'recorded'
      ? 'This server answers in the `recorded` dialect: a refused change comes with status 200 and `"success": false`; bad ' +
        'credentials stay 401. Messages with arguments are nested.'
      : '',
  ]
    .filter(text => text !== '')
    .join('\n\n')
}
