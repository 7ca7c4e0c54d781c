import { createHash } from 'node:crypto';
import { AppError } from '../domain/errors.js';
import { inForce, revisedNotice, type PolicyDocument, type PolicyVersion } from '../domain/policy.js';
import { canonicalJson } from './journal.js';
import type { Clock } from './ports/clock.js';
import type { Store } from './ports/store.js';

export type Policies = ReturnType<typeof makePolicies>;

/** Publishes policy versions and says which one binds. */
export function makePolicies({ store, clock }: { store: Store; clock: Clock }) {
  const current = async (): Promise<{ version: PolicyVersion; revisedNotice: string | null }> => {
    const versions = await store.read.policies.list();
    const version = inForce(versions, clock.now());
    if (!version) throw new AppError('unavailable', { detail: 'No policy is in force yet.', retryAfter: 60 });
    return { version, revisedNotice: revisedNotice(versions, clock.now()) };
  };

  return {
    current,
    list: () => store.read.policies.list(),

    /** @returns `false` where that version was published before: a published text never changes. */
    publish: (version: string, document: PolicyDocument, effectiveAt: Date): Promise<boolean> =>
      store.read.policies.insert({
        version,
        document,
        effectiveAt,
        publishedAt: clock.now(),
        digest: createHash('sha256').update(canonicalJson(document)).digest('hex'),
      }),

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
