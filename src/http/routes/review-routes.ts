import type { AppDeps } from '../../app/deps.js';
import type { makeReview, ReviewView } from '../../app/review.js';
import type { Staff } from '../../app/review.js';
import { AppError } from '../../domain/errors.js';
import type { Once } from '../once.js';
import { staffOf } from '../staff-tenant.js';
import type { Handlers, Reply } from '../operation.js';
import { presentReview, presentReviewSummary } from '../present.js';
import { decodeCursor, encodeCursor } from '../cursor.js';
import { ifMatch } from '../if-match.js';

type ReviewOperation =
  | 'listReviews'
  | 'getReview'
  | 'claimReview'
  | 'releaseReview'
  | 'getReviewImage'
  | 'decideReview'
  | 'confirmDecision';

export function makeReviewRoutes(
  deps: Pick<AppDeps, 'store' | 'clock'> & {
    readonly review: ReturnType<typeof makeReview>;
    readonly once: Once;
  },
): Pick<Handlers, ReviewOperation> {
  const { store, clock, review, once } = deps;
  const answer = async (view: Awaited<ReturnType<typeof review.get>>): Promise<Reply> => {
    const v = (await store.read.verifications.findById(view.verification.id)) ?? view.verification;
    return {
      status: 200,
      version: v.rowVersion,
      body: presentReview({ ...view, verification: v }, clock.now()),
    };
  };

  /** Does something to a review once for each key; then the review as it stands. */
  async function change(
    staff: Staff,
    operation: string,
    call: Parameters<Once['change']>[2] & { readonly params: { readonly id: string } },
    work: () => Promise<ReviewView>,
  ): Promise<Reply> {
    const { id } = call.params;
    const v = await store.read.verifications.findById(id);
    if (!v || !staff.tenants.includes(v.tenantId)) throw new AppError('not_found');
    let done: ReviewView | undefined;
    await once.change(v, `${operation} ${staff.id}`, call, id, async () => {
      done = await work();
    });
    return answer(done ?? (await review.get(staff, id)));
  }

  return {
    listReviews: async ({ query, principal }) => {
      const limit = query.limit ?? 20;
      const rows = await review.list(staffOf(principal), query.status, {
        limit: limit + 1,
        ...decodeCursor(query.cursor, 'review'),
      });
      const data = [];
      for (const row of rows.slice(0, limit)) {
        const verification = await store.read.verifications.findById(row.verificationId);
        if (verification) data.push(presentReviewSummary({ review: row, verification }, clock.now()));
      }
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return { status: 200, body: { data, next_cursor: last ? encodeCursor(last.id) : null } };
    },
    getReview: async ({ params, principal }) => answer(await review.get(staffOf(principal), params.id)),
    claimReview: (call) => {
      const staff = staffOf(call.principal);
      return change(staff, 'claimReview', call, () => review.claim(staff, call.params.id));
    },
    releaseReview: (call) => {
      const staff = staffOf(call.principal);
      return change(staff, 'releaseReview', call, () => review.release(staff, call.params.id));
    },
    getReviewImage: async ({ params, principal }) => ({
      status: 200,
      bytes: { type: 'image/jpeg', data: await review.image(staffOf(principal), params.id, params.slot) },
    }),
    decideReview: (call) => {
      const { params, body, req } = call;
      const staff = staffOf(call.principal);
      return change(staff, 'decideReview', call, () =>
        review.decide(staff, params.id, {
          decision: body.decision,
          reasons: body.reasons ?? [],
          note: body.note ?? null,
          ifMatch: ifMatch(req),
        }),
      );
    },
    confirmDecision: (call) => {
      const { params, body, req } = call;
      const staff = staffOf(call.principal);
      return change(staff, 'confirmDecision', call, () =>
        review.confirm(staff, params.id, { agree: body.agree, ifMatch: ifMatch(req) }),
      );
    },
  };
}
