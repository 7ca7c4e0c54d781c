import { AppError } from '../domain/errors.js';
import { KEPT } from '../domain/retention.js';
import { LIMITS, type Verification } from '../domain/verification.js';
import type { AppDeps } from './deps.js';
import type { ErasePerson } from './erase-person.js';
import type { Actor } from './journal.js';
import type { ErasureRequestRow } from './ports/forgetting.js';
import type { Repositories } from './ports/store.js';

/** `held`: a legal hold keeps the content; the record is under its pseudonym already, and the rest goes when the hold ends. */
export type ErasureOutcome = 'erased' | 'scheduled' | 'held';

export interface ErasureView {
  readonly request: ErasureRequestRow;
  readonly status: 'processing' | 'held' | 'done';
  readonly items: readonly { readonly verificationId: string; readonly outcome: ErasureOutcome }[];
}

const outcomeOf = (v: Verification | null): ErasureOutcome => {
  if (v === null || v.redactionStatus === 'done') return 'erased';
  return v.redactionStatus === 'held' ? 'held' : 'scheduled';
};

/** Erases a person from all their verifications, test and live, and keeps account of what became of each (GDPR art. 17). */
export function makeErasureRequests(
  deps: Pick<AppDeps, 'store' | 'clock' | 'ids' | 'journal' | 'pseudonymiser'> & {
    readonly erasePerson: ErasePerson;
  },
) {
  const { store, clock, ids, journal, pseudonymiser, erasePerson } = deps;

  async function view(repos: Repositories, request: ErasureRequestRow): Promise<ErasureView> {
    const items: ErasureView['items'][number][] = [];
    for (const verificationId of await repos.erasures.items(request.id))
      items.push({
        verificationId,
        outcome: outcomeOf(await repos.verifications.findById(verificationId)),
      });
    const has = (outcome: ErasureOutcome) => items.some((item) => item.outcome === outcome);
    return { request, items, status: has('scheduled') ? 'processing' : has('held') ? 'held' : 'done' };
  }

  return {
    /** Where nothing is held of the learner the request is done at once. */
    async create(
      actor: Actor,
      tenantId: string,
      learnerRef: string,
      complete: (tx: Repositories, id: string) => Promise<void> = () => Promise.resolve(),
    ): Promise<string> {
      const now = clock.now();
      const pseudonym = pseudonymiser.pseudonym(tenantId, learnerRef);
      return store.transaction(async (tx) => {
        const found: string[] = [];
        for (const livemode of [false, true]) {
          const scope = { tenantId, livemode };
          await tx.verifications.lockLearner(scope, learnerRef);
          for (const reference of [learnerRef, pseudonym])
            found.push(...(await tx.verifications.ofLearner(scope, reference)).map(({ id }) => id));
        }
        found.sort();
        for (const id of found) {
          const v = await tx.verifications.lock(id);
          if (v) await erasePerson(tx, v, actor);
        }
        const request: ErasureRequestRow = {
          id: ids.next('erasureRequest'),
          tenantId,
          learnerPseudonym: pseudonym,
          requestedBy: actor,
          requestedAt: now,
          deadline: new Date(now.getTime() + LIMITS.erasureDeadline),
        };
        await tx.erasures.insert(request, found);
        await journal.audit(tx, request, actor, 'erasure.requested', { items: found.length });
        const kept = new Date(now.getTime() + KEPT.registers);
        await tx.retention.schedule(request.id, { erasure_request: kept, audit: kept });
        await complete(tx, request.id);
        return request.id;
      });
    },

    async get(tenantIds: readonly string[], id: string): Promise<ErasureView> {
      const request = await store.read.erasures.find(id);
      if (!request || !tenantIds.includes(request.tenantId)) throw new AppError('not_found');
      return view(store.read, request);
    },
  };
}
