import { createHash } from 'node:crypto';
import { AppError } from '../domain/errors.js';
import { inForce, revisedNotice, type PolicyDocument, type PolicyVersion } from '../domain/policy.js';
import { periodOf } from '../domain/wrapping-keys.js';
import { canonicalJson } from './journal.js';
import type { AppDeps } from './deps.js';

export type Policies = ReturnType<typeof makePolicies>;

/** Publishes policy versions and says which one binds. */
export function makePolicies({ store, clock, ids }: Pick<AppDeps, 'store' | 'clock' | 'ids'>) {
  const current = async (): Promise<{ version: PolicyVersion; revisedNotice: string | null }> => {
    const versions = await store.read.policies.list();
    const version = inForce(versions, clock.now());
    if (!version) throw new AppError('unavailable', { detail: 'No policy is in force yet.', retryAfter: 60 });
    return { version, revisedNotice: revisedNotice(versions, clock.now()) };
  };

  return {
    current,
    list: () => store.read.policies.list(),

    /**
     * A published text never changes, and a change does not bind backwards: named for today it binds from now on, and only the very first
     * version may have taken effect before. Every tenant with webhook endpoints is told of it.
     */
    async publish(
      version: string,
      document: PolicyDocument,
      effectiveAt: Date,
    ): Promise<'published' | 'version_exists' | 'effective_in_the_past'> {
      const now = clock.now();
      const earlier = await store.read.policies.list();
      if (earlier.some((published) => published.version === version)) return 'version_exists';
      const isLate = earlier.length > 0 && effectiveAt < now;
      if (isLate && periodOf(effectiveAt) !== periodOf(now)) return 'effective_in_the_past';
      const revised: PolicyVersion = {
        version,
        document,
        effectiveAt: isLate ? now : effectiveAt,
        publishedAt: now,
        digest: createHash('sha256').update(canonicalJson(document)).digest('hex'),
      };
      return store.transaction(async (tx) => {
        if (!(await tx.policies.insert(revised))) return 'version_exists';
        for (const scope of await tx.webhookEndpoints.scopes())
          await tx.events.insert({
            ...scope,
            id: ids.next('event'),
            verificationId: null,
            sequence: null,
            type: 'policy.revised',
            payload: { version, effective_at: revised.effectiveAt.toISOString() },
            createdAt: now,
          });
        return 'published';
      });
    },

    /** The version that a case is under: the one that its learner consented to, whatever came later. */
    async bindingFor(consent: { readonly policyVersion: string } | null) {
      const now = await current();
      if (!consent || consent.policyVersion === now.version.version) return now;
      const agreed = (await store.read.policies.list()).find(
        ({ version }) => version === consent.policyVersion,
      );
      return { ...now, version: agreed ?? now.version };
    },

    /** @throws AppError `policy_version_superseded` with the current version, `policy_version_unknown` */
    async requireCurrent(version: string): Promise<PolicyVersion> {
      const { version: binding } = await current();
      if (binding.version === version) return binding;
      const known = (await store.read.policies.list()).some((published) => published.version === version);
      throw new AppError(known ? 'policy_version_superseded' : 'policy_version_unknown', {
        members: { current_version: binding.version },
      });
    },
  };
}
