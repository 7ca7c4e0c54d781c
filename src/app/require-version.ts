import { AppError } from '../domain/errors.js';

/** Holds a row that is locked against the version that a change is based on. @throws AppError `stale_version` */
export function requireVersion(row: { readonly rowVersion: number }, ifMatch: number | undefined): void {
  if (ifMatch !== undefined && row.rowVersion !== ifMatch) throw new AppError('stale_version');
}
