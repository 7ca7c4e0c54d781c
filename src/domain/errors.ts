/** Faults of the parts behind ports. Messages are fixed strings: never a value, a path or a personal datum. */
export type FaultCode =
  | 'image_undecodable'
  | 'engine_failed'
  | 'engine_timeout'
  | 'engine_crashed'
  | 'storage_unavailable'
  | 'keys_unavailable'
  | 'key_destroyed'
  | 'key_rejected'
  | 'seal_broken'
  | 'signature_invalid';

class Fault extends Error {
  constructor(
    readonly code: FaultCode,
    options?: ErrorOptions,
  ) {
    super(code, options);
    this.name = new.target.name;
  }
}

export class EngineError extends Fault {}
export class StorageError extends Fault {}
export class KeyError extends Fault {}

/** Every error a client can meet: HTTP status and title, once. Rendered as RFC 9457 problem details. */
export const PROBLEMS = {
  invalid_request: [400, 'The request could not be understood'],
  unauthenticated: [401, 'No valid credential was given'],
  forbidden: [403, 'This credential may not do that'],
  lease_required: [403, 'Claim the review first'],
  second_person_required: [403, 'Another person has to do that'],
  recipient_not_allowed: [403, 'This recipient may not be given that'],
  field_not_allowed: [403, 'A field may not be given for this purpose'],
  not_found: [404, 'No such object'],
  method_not_allowed: [405, 'This path does not know that method'],
  invalid_state: [409, 'The status does not allow that'],
  verification_exists: [409, 'The learner already has an open or approved verification'],
  consent_missing: [409, 'Consent comes first'],
  document_missing: [409, 'The photo of the document is missing'],
  selfie_missing: [409, 'The photo of the face is missing'],
  already_claimed: [409, 'Another reviewer holds this review'],
  legal_hold: [409, 'A legal hold keeps this from being deleted'],
  no_attempts_left: [409, 'No attempt is left'],
  idempotency_in_progress: [409, 'The first call with this key still runs'],
  upload_superseded: [409, 'The verification moved on while the image was uploaded'],
  upload_limit_reached: [409, 'No upload is left in this attempt'],
  challenge_limit_reached: [409, 'No challenge is left in this attempt'],
  challenge_over: [409, 'This challenge was answered, replaced or ran out'],
  endpoint_limit_reached: [409, 'No further webhook endpoint can be made'],
  notice_forbidden: [409, 'The learner may not be told'],
  erased: [410, 'This has been erased'],
  stale_version: [412, 'The object has changed since it was read'],
  payload_too_large: [413, 'A part is larger than allowed'],
  unsupported_media_type: [415, 'This format is not accepted'],
  invalid_field: [422, 'A field is not valid'],
  unexpected_field: [422, 'A field is not known'],
  image_too_many_pixels: [422, 'The image has too many pixels'],
  image_undecodable: [422, 'The image is damaged'],
  images_rejected: [422, 'None of the images can be used'],
  policy_version_superseded: [422, 'A newer policy version is in force'],
  policy_version_unknown: [422, 'No such policy version'],
  return_url_not_allowed: [422, 'This return address is not configured'],
  webhook_url_not_allowed: [422, 'Events are not sent to this address'],
  learner_ref_not_opaque: [422, 'A learner reference must not be an e-mail address'],
  idempotency_key_reused: [422, 'The key was used with another body'],
  too_many_requests: [429, 'Too many requests'],
  internal: [500, 'Something failed on our side'],
  unavailable: [503, 'Not available right now'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof PROBLEMS;

export interface FieldProblem {
  /** JSON pointer into the body, or the name of a parameter or part. */
  readonly pointer: string;
  readonly code: string;
}

/** An error that the caller can act on. `detail` is a fixed sentence; it never quotes what was sent. */
export class AppError extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly more: {
      readonly detail?: string;
      readonly errors?: readonly FieldProblem[];
      /** Seconds, for 429 and 503. */
      readonly retryAfter?: number;
      /** Further members of the problem document (RFC 9457, 3.2), for example the id of the existing verification. */
      readonly members?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(code);
    this.name = 'AppError';
  }
  get status(): number {
    return PROBLEMS[this.code][0];
  }
}
