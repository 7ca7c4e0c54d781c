import type { ApiKeyRow, Scope } from '../app/ports/store.js';
import type { Staff } from '../app/review.js';
import type { Verification } from '../domain/verification.js';

/** Who calls, once the credential was found genuine. */
export type Principal =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'apiKey'; readonly scope: Scope; readonly key: ApiKeyRow }
  /** `read`: of a device that another one has taken over from. */
  | { readonly kind: 'captureToken'; readonly verification: Verification; readonly access: 'full' | 'read' }
  | { readonly kind: 'operatorJwt'; readonly staff: Staff };
