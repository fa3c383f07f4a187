import type { Static, TObject, TProperties, TSchema } from 'typebox'
import { Type } from 'typebox'
import type { ErrorCode } from './errors.ts'
import type { Letter } from './profiles.ts'
import type { StaffRight } from './staff/roles.ts'

/** The methods of the User API; HEAD is answered as GET. */
export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** Who may call an operation. The server enforces this before the handler runs; the documents and the gates read it. */
export type Access =
  /** Nobody has to be signed in. */
  | { readonly kind: 'public' }
  /** Any identity that is signed in. */
  | { readonly kind: 'signed-in' }
  /** An account-wide privilege, e.g. misc.manageprofiles. Missing: 403. */
  | { readonly kind: 'area'; readonly area: 'billing' | 'support' | 'misc'; readonly key: string }
  /** A privilege on the one service or domain named by the path parameter `by`. Missing: 404, as for a stranger's. */
  | { readonly kind: 'object'; readonly area: 'services' | 'domains'; readonly key: string; readonly by: string }
  /** A list of services, domains or what hangs on them: the handler shows the rows the privilege covers. Never refused. */
  | { readonly kind: 'listed'; readonly area: 'services' | 'domains'; readonly key: string }
  /** Of the staff API: anybody of the staff, or only whose role has the right (staff/roles.ts). Missing: 403. */
  | { readonly kind: 'staff'; readonly right?: StaffRight }

/** One example of a call. `request` holds path parameters and fields together, as {@link Operation.input} does. */
export interface Example {
  readonly title?: string
  readonly request?: Readonly<Record<string, unknown>>
  readonly reply: unknown
}

/** A file that is a field of a reply. */
export interface ReplyFile {
  /** The field with its content; a reply without it stays JSON. */
  readonly content: string
  readonly encoding: 'base64' | 'text'
  /** The field with its name. */
  readonly name?: string
}

/**
 * One operation of the User API or the staff API: everything a server, a client, a document or a test needs to know about it.
 * Nothing here knows how it is carried out.
 */
export interface Operation<
  Input extends TProperties = TProperties,
  Reply extends TSchema = TSchema,
  Recorded extends TSchema = TSchema,
  Who extends Access = Access,
> {
  /** Stable name, `module.verbNoun` (`staff.module.verbNoun`); the operationId of the generated documents. */
  readonly id: string
  readonly method: Method
  /** Path below /api (/admin/api) with `{name}` placeholders; each placeholder names a property of `input`. */
  readonly path: string
  /** Other methods that published clients send to this path and mean this operation (POST for PUT is implied). */
  readonly alsoMethods?: readonly Method[]
  readonly summary: string
  readonly description?: string
  /** Path parameters and fields of body or query in one flat list (the wire does not tell them apart). */
  readonly input: TObject<Input>
  readonly reply: Reply
  /** The reply of the `recorded` dialect, where its shape is another one. */
  readonly recorded?: Recorded
  /** The media types this operation answers with besides JSON, chosen by `Accept`. */
  readonly alsoProduces?: readonly string[]
  /** Where in the reply the file is that these types get by itself. An operation that is served has it with the types. */
  readonly file?: ReplyFile
  readonly access: Who
  /**
   * Whether the answer is kept for an Idempotency-Key. Not where it opens a session for a guessable secret: who knows
   * the key could try secrets without being counted, and get tokens although the account has changed. Nor where nothing
   * is changed.
   */
  readonly replayable: boolean
  /**
   * Asks a system behind ours and waits for it, or takes long in transactions of its own, so none is open meanwhile: an
   * Idempotency-Key keeps the answer, but does not hold the same request back while it runs. What it does must be safe to
   * do at the same time, and again.
   */
  readonly asksOutside?: true
  /** Codes this operation may answer with besides those that every operation has ({@link errorsOf}). */
  readonly errors: readonly ErrorCode[]
  readonly examples: readonly [Example, ...Example[]]
  /** The published documents that have it (profiles.ts). Empty: an extension of ours. */
  readonly documents: readonly Letter[]
  readonly since: string
}

/** An operation whatever its input and reply, for what walks over all of them. */
export type AnyOperation = Operation

type Declared<I extends TProperties, R extends TSchema, X extends TSchema, A extends Access> = Omit<
  Operation<I, R, X, A>,
  'input' | 'replayable' | 'errors' | 'documents' | 'since'
> & {
  readonly input?: I
  readonly replayable?: false
  readonly errors?: readonly ErrorCode[]
  /** The letters (profiles.ts) of the published documents that have it, as one text: `IPD`. */
  readonly documents?: string
  readonly since?: string
}

/** Declares an operation, filling in what is usual. */
export function op<I extends TProperties, R extends TSchema, X extends TSchema, const A extends Access>(
  declared: Declared<I, R, X, A>,
): Operation<I, R, X, A> {
  const { input, replayable, errors, documents, since, ...rest } = declared
  const declaredOperation = {
    ...rest,
    input: Type.Object(input ?? ({} as I)), // an absent input is the empty list of fields
    replayable: replayable ?? true,
    errors: errors ?? [],
    documents: [...(documents ?? '')] as Letter[], // each letter is checked by the gate that compares profiles
    since: since ?? '0.1.0',
  }
  return declaredOperation as unknown as Operation<I, R, X, A> // exactOptionalPropertyTypes cannot see through the spread
}

/** The placeholders of a path, in order: `/service/{id}/dns` → `['id']`. */
export function pathParameters(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1] as string) // the group always takes part
}

/** What a handler receives: path parameters and fields, converted and validated. */
export type InputOf<O> = O extends Operation<infer I, TSchema, TSchema, Access> ? Static<TObject<I>> : never

/** What a handler answers, in either dialect. */
export type ReplyOf<O> =
  O extends Operation<TProperties, infer R, infer X, Access>
    ? Static<R> | (TSchema extends X ? never : Static<X>)
    : never

/** Nobody has to be signed in. */
export const everyone: { readonly kind: 'public' } = { kind: 'public' }
/** Any identity that is signed in. */
export const signedIn: { readonly kind: 'signed-in' } = { kind: 'signed-in' }

/** Anybody of the staff who is signed in. */
export const anyStaff: { readonly kind: 'staff' } = { kind: 'staff' }
/** Of the staff, those whose role has a right. */
export function staffWith(right: StaffRight): { readonly kind: 'staff'; readonly right: StaffRight } {
  return { kind: 'staff', right }
}

/** Needs an account-wide privilege. */
export function needs(area: 'billing' | 'support' | 'misc', key: string): Access & { kind: 'area' } {
  return { kind: 'area', area, key }
}
/** Needs a privilege on the service or domain that path parameter `by` names. */
export function needsOn(area: 'services' | 'domains', key: string, by: string): Access & { kind: 'object' } {
  return { kind: 'object', area, key, by }
}
/** Lists what the caller's privilege on services or domains covers. */
export function lists(area: 'services' | 'domains', key: string): Access & { kind: 'listed' } {
  return { kind: 'listed', area, key }
}
