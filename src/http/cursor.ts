import { AppError } from '../domain/errors.js';
import { isId, type IdKind } from '../domain/ids.js';

/** Cursors are ids in other clothes: opaque to callers, so that they can change. */
export const encodeCursor = (id: string): string => Buffer.from(id).toString('base64url');

export function decodeCursor(cursor: string | undefined, kind: IdKind): { after?: string } {
  if (cursor === undefined) return {};
  const id = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!isId(kind, id))
    throw new AppError('invalid_field', { errors: [{ pointer: 'cursor', code: 'invalid_cursor' }] });
  return { after: id };
}
