import { createHash, randomBytes } from 'node:crypto';
import type { AppDeps } from './deps.js';
import { requireRecipient } from './recipients.js';
import type { ApiKeyRow, Scope } from './ports/store.js';

export const API_SCOPES = ['verifications:read', 'verifications:write', 'webhooks:manage'] as const;
export type ApiScope = (typeof API_SCOPES)[number];
/** Of a Member's key, which has no other: it reads the outcomes of its own courses. */
export const MEMBER_SCOPE = 'outcomes:read';

/** How fine the last use is noted (milliseconds). */
const USE_NOTED = 60_000;

const KEY_FORM = /^lk_(test|live)_[A-Za-z0-9_-]{43}$/;
const hashOf = (secret: string) => createHash('sha256').update(secret).digest();

export type AccessKeys = ReturnType<typeof makeAccessKeys>;

/** API keys: 256 random bits, of which only the SHA-256 is stored. */
export function makeAccessKeys({ store, ids }: Pick<AppDeps, 'store' | 'ids'>) {
  async function make(
    key: Pick<ApiKeyRow, 'tenantId' | 'livemode' | 'scopes' | 'recipientId' | 'courseIds' | 'expiresAt'>,
  ): Promise<{ id: string; secret: string }> {
    const secret = `lk_${key.livemode ? 'live' : 'test'}_${randomBytes(32).toString('base64url')}`;
    const id = ids.next('apiKey');
    await store.read.apiKeys.insert(
      { ...key, id, hint: secret.slice(-4), revokedAt: null, lastUsedAt: null, createdAt: new Date() },
      hashOf(secret),
    );
    return { id, secret };
  }

  return {
    /** Creates a key of the platform; `secret` is shown this once. */
    create: (scope: Scope, scopes: readonly ApiScope[], expiresAt: Date | null) =>
      make({ ...scope, scopes, recipientId: null, courseIds: [], expiresAt }),

    /**
     * Creates a key of a Member, for the outcomes of its courses; `secret` is shown this once.
     *
     * @throws AppError `recipient_not_allowed` where the recipient is none of the tenant's, or may not be told of certificates
     */
    async createForMember(
      scope: Scope,
      member: { readonly recipientId: string; readonly courseIds: readonly string[] },
      expiresAt: Date | null,
    ): Promise<{ id: string; secret: string }> {
      await requireRecipient(store.read, scope.tenantId, member.recipientId, 'certificate', new Date());
      return make({ ...scope, ...member, scopes: [MEMBER_SCOPE], expiresAt });
    },

    /** The key behind a secret, or `null`. The hash is looked up, so no comparison leaks its time. */
    async authenticate(secret: string): Promise<ApiKeyRow | null> {
      const key = KEY_FORM.test(secret) ? await store.read.apiKeys.findByHash(hashOf(secret)) : null;
      const isStale = key && (key.lastUsedAt?.getTime() ?? 0) + USE_NOTED < new Date().getTime();
      if (isStale) await store.read.apiKeys.touch(key.id);
      return key;
    },

    /**
     * A key that may do the same, while the old one still works for a time; `null` where there is no such key, or it has ended.
     *
     * @param overlap milliseconds
     */
    async rotate(id: string, overlap: number): Promise<{ id: string; secret: string } | null> {
      const now = new Date();
      const old = await store.read.apiKeys.find(id);
      if (!old || old.revokedAt || (old.expiresAt && old.expiresAt <= now)) return null;
      const { tenantId, livemode, scopes, recipientId, courseIds, expiresAt } = old;
      const fresh = await make({ tenantId, livemode, scopes, recipientId, courseIds, expiresAt });
      await store.read.apiKeys.expire(id, new Date(now.getTime() + overlap));
      return fresh;
    },
  };
}
