import type { IdKind } from '../../domain/ids.js';

/** Makes ids that order by creation, also within one millisecond of one process. */
export interface Ids {
  next(kind: IdKind): string;
  /** A random name for an object in storage: says nothing, orders nothing (`[a-z0-9]{32}`). */
  random(): string;
}
