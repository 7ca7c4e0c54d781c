import type { Request } from 'express';
import { AppError } from '../domain/errors.js';

/** The row version that a change is based on, or `undefined` where the caller does not say. */
export function ifMatch(req: Request): number | undefined {
  const header = req.get('if-match');
  if (header === undefined || header === '*') return undefined;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(header)?.[1];
  if (version === undefined) throw new AppError('stale_version');
  return Number(version);
}
