import type { Staff } from '../app/review.js';
import { AppError } from '../domain/errors.js';
import type { Principal } from './principal.js';

/** The member of staff who calls. */
export function staffOf(principal: Principal): Staff {
  if (principal.kind !== 'operatorJwt') throw new AppError('forbidden');
  return principal.staff;
}

/**
 * The tenant that a call of staff is about: the one that `?tenant=` names or, where it does not, the only one that the caller has.
 *
 * @throws AppError `not_found` for a tenant that is not the caller's, `invalid_field` where several are left to choose from
 */
export function tenantOf(staff: Staff, asked: string | undefined): string {
  const [only, ...others] = staff.tenants;
  if (asked !== undefined) {
    if (!staff.tenants.includes(asked)) throw new AppError('not_found');
    return asked;
  }
  if (only === undefined) throw new AppError('forbidden');
  if (others.length > 0)
    throw new AppError('invalid_field', {
      detail: 'Say which of your tenants is meant.',
      errors: [{ pointer: 'tenant', code: 'required' }],
    });
  return only;
}
