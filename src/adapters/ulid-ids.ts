import { randomBytes } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import type { Ids } from '../app/ports/ids.js';
import { ID_PREFIXES } from '../domain/ids.js';

/** Ids of real time, monotonic within the process. */
export function makeIds(): Ids {
  const ulid = monotonicFactory();
  return {
    next: (kind) => `${ID_PREFIXES[kind]}_${ulid().toLowerCase()}`,
    random: () => randomBytes(16).toString('hex'),
  };
}
