import { OUTCOME_FIELDS } from '../domain/disclosure.js';
import { AppError } from '../domain/errors.js';
import type { AppDeps } from './deps.js';
import type { ApiKeyRow, Page } from './ports/store.js';
import type { OutcomeRow } from './ports/third-parties.js';
import { requireRecipient } from './recipients.js';

export type ReadOutcomes = ReturnType<typeof makeReadOutcomes>;

/** Tells a Member who is verified for one of its own courses. Each reading stands in the register before it is answered. */
export function makeReadOutcomes({ store, clock, ids }: Pick<AppDeps, 'store' | 'clock' | 'ids'>) {
  /**
   * @returns one row more than the page holds, where there are more
   * @throws AppError `forbidden` for a course that is not the key's, `recipient_not_allowed` where the Member has lapsed
   */
  return async function readOutcomes(
    key: ApiKeyRow,
    courseId: string,
    page: Page,
  ): Promise<readonly OutcomeRow[]> {
    const { recipientId, tenantId, livemode } = key;
    if (recipientId === null || !key.courseIds.includes(courseId)) throw new AppError('forbidden');
    return store.transaction(async (tx) => {
      const now = clock.now();
      await requireRecipient(tx, tenantId, recipientId, 'certificate', now);
      const rows = await tx.outcomes.list({ tenantId, livemode }, courseId, {
        ...page,
        limit: page.limit + 1,
      });
      await tx.disclosures.insert({
        id: ids.next('disclosure'),
        tenantId,
        livemode,
        recipientId,
        purpose: 'certificate',
        fields: OUTCOME_FIELDS,
        erased: [],
        verificationId: null,
        courseId,
        people: Math.min(rows.length, page.limit),
        legalBasis: null,
        learnerNotice: 'given',
        disclosedBy: `api_key:${key.id}`,
        disclosedAt: now,
      });
      return rows;
    });
  };
}
