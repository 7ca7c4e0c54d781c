export interface FieldProblem {
  /** JSON pointer into the body, or the name of a parameter or part. */
  readonly pointer: string;
  readonly code: string;
}

interface Details {
  /** HTTP status; 0 where there was no answer. */
  readonly status?: number;
  readonly errors?: readonly FieldProblem[];
  readonly requestId?: string | null;
  readonly retryAfterSeconds?: number | null;
  readonly problem?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * Whatever goes wrong with a call or a check. `code` is what to decide by: a problem code of the service (docs/api.md), or one of the
 * client's own: `network_error`, `unexpected_answer`, `webhook_invalid`, `eligibility_token_invalid`.
 */
export class LetheError extends Error {
  readonly code: string;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** Which fields, and what is wrong with each. */
  readonly errors: readonly FieldProblem[];
  /** Tell it to the operator: it stands in the log lines of that call. */
  readonly requestId: string | null;
  /** How long the service asked to wait (seconds), with 429 and 503. */
  readonly retryAfterSeconds: number | null;
  /** The whole problem document (RFC 9457): some have members of their own, such as `verification_id`. */
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, details: Details = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'LetheError';
    this.code = code;
    this.status = details.status ?? 0;
    this.errors = details.errors ?? [];
    this.requestId = details.requestId ?? null;
    this.retryAfterSeconds = details.retryAfterSeconds ?? null;
    this.problem = details.problem ?? {};
  }
}

/** Makes the error of an answer that is not a success. What a gateway in between has said is not a problem document, and no less an error. */
export async function toLetheError(response: Response): Promise<LetheError> {
  const problem = parseObject(await response.text());
  const { code, title, detail, errors } = problem;
  const about = {
    status: response.status,
    requestId: response.headers.get('x-request-id'),
    retryAfterSeconds: retryAfterSeconds(response, Date.now()),
    problem,
  };
  if (typeof code !== 'string')
    return new LetheError('unexpected_answer', `The answer had status ${response.status}`, about);
  const message = [title, detail].filter((part) => typeof part === 'string').join(': ');
  return new LetheError(code, message || code, { ...about, errors: (errors ?? []) as FieldProblem[] });
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/**
 * How long an answer asks to wait (RFC 9110, 10.2.3): seconds, or a date.
 *
 * @param now milliseconds since the epoch
 * @returns seconds; `null` where it asks for nothing that can be understood
 */
export function retryAfterSeconds(response: Response, now: number): number | null {
  const value = response.headers.get('retry-after');
  if (value === null) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, (date - now) / 1000);
}
