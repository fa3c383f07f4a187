import { type AuthScheme, type ProfileName, profiles } from '../profiles.ts'
import { type DocumentOptions, type OpenApiDocument, openapi31 } from './openapi31.ts'
import { introduction, staffIntroduction } from './wording.ts'

/** What one document of the User API or the staff API is made of. */
export type ApiOptions = Omit<DocumentOptions, 'basePath' | 'introduction' | 'securitySchemes'>

/** An OpenAPI 3.1 document about operations of the User API; the profile decides the ways to sign in that are shown. */
export function userApiDocument(options: ApiOptions & { readonly profile: ProfileName }): OpenApiDocument {
  const { profile, dialect = 'documented' } = options
  const schemes: readonly AuthScheme[] = profiles[profile].schemes
  return openapi31({
    ...options,
    basePath: '/api',
    introduction: introduction(profile, dialect),
    securitySchemes: Object.fromEntries(schemes.map(scheme => [scheme, customerSchemes[scheme]])),
  })
}

const customerSchemes: Readonly<Record<AuthScheme, object>> = {
  bearer: { type: 'http', scheme: 'bearer', description: 'An access token, or a personal token.' },
  basic: { type: 'http', scheme: 'basic', description: 'E-mail address and password.' },
}

/** An OpenAPI 3.1 document about operations of the staff API, which has no profiles and one dialect. */
export function staffApiDocument(options: Omit<ApiOptions, 'dialect'>): OpenApiDocument {
  return openapi31({
    ...options,
    basePath: '/admin/api',
    introduction: staffIntroduction(),
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'The token of `/login/verify`.' } },
  })
}
