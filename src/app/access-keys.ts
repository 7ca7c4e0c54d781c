import { createHash, randomBytes } from 'node:crypto';
import type { AppDeps } from './deps.js';
import type { ApiKeyRow, Scope } from './ports/store.js';

export const API_SCOPES = ['verifications:read', 'verifications:write', 'webhooks:manage'] as const;
export type ApiScope = (typeof API_SCOPES)[number];

const KEY_FORM = /^lk_(test|live)_[A-Za-z0-9_-]{43}$/;
const hashOf = (secret: string) => createHash('sha256').update(secret).digest();

export type AccessKeys = ReturnType<typeof makeAccessKeys>;

/** API keys: 256 random bits, of which only the SHA-256 is stored. */
export function makeAccessKeys({ store, ids }: Pick<AppDeps, 'store' | 'ids'>) {
  return {
    /** Creates a key; `secret` is shown this once. */
    async create(
      scope: Scope,
      scopes: readonly ApiScope[],
      expiresAt: Date | null,
    ): Promise<{ id: string; secret: string }> {
      const secret = `lk_${scope.livemode ? 'live' : 'test'}_${randomBytes(32).toString('base64url')}`;
      const id = ids.next('apiKey');
      const hint = secret.slice(-4);
      const createdAt = new Date();
      await store.read.apiKeys.insert(
        { id, ...scope, hint, scopes, expiresAt, revokedAt: null, createdAt },
        hashOf(secret),
      );
      return { id, secret };
    },
    /** The key behind a secret, or `null`. The hash is looked up, so no comparison leaks its time. */
    authenticate: async (secret: string): Promise<ApiKeyRow | null> =>
      KEY_FORM.test(secret) ? store.read.apiKeys.findByHash(hashOf(secret)) : null,
  };
}
