/** Structured, fixed messages. Fields are ids, codes, counts and durations; anything else is dropped by the adapter. */
export interface Logger {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** The only fields that can be logged: a name or a path has no field to go into. */
export interface LogFields {
  readonly request_id?: string;
  readonly verification_id?: string;
  readonly task_id?: string;
  readonly kind?: string;
  readonly code?: string;
  readonly status?: number;
  readonly route?: string;
  readonly ms?: number;
  readonly count?: number;
  readonly pid?: number;
  readonly port?: number;
}
