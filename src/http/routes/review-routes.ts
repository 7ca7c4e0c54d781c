import type { AppDeps } from '../../app/deps.js';
import type { makeReview } from '../../app/review.js';
import { AppError } from '../../domain/errors.js';
import type { Principal } from '../principal.js';
import type { Handlers, Reply } from '../operation.js';
import { presentReview, presentReviewSummary } from '../present.js';
import { decodeCursor, encodeCursor, ifMatch } from './purchase-routes.js';

type ReviewOperation =
  'listReviews' | 'getReview' | 'claimReview' | 'releaseReview' | 'getReviewImage' | 'decideReview';

const staffOf = (principal: Principal) => {
  if (principal.kind !== 'operatorJwt') throw new AppError('forbidden');
  return principal.staff;
};

export function makeReviewRoutes(
  deps: Pick<AppDeps, 'store' | 'clock'> & { readonly review: ReturnType<typeof makeReview> },
): Pick<Handlers, ReviewOperation> {
  const { store, clock, review } = deps;
  const answer = async (view: Awaited<ReturnType<typeof review.get>>): Promise<Reply> => {
    const v = (await store.read.verifications.findById(view.verification.id)) ?? view.verification;
    return {
      status: 200,
      version: v.rowVersion,
      body: presentReview({ ...view, verification: v }, clock.now()),
    };
  };

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
    claimReview: async ({ params, principal }) => answer(await review.claim(staffOf(principal), params.id)),
    releaseReview: async ({ params, principal }) =>
      answer(await review.release(staffOf(principal), params.id)),
    getReviewImage: async ({ params, principal }) => ({
      status: 200,
      bytes: { type: 'image/jpeg', data: await review.image(staffOf(principal), params.id, params.slot) },
    }),
    decideReview: async ({ params, body, principal, req }) =>
      answer(
        await review.decide(staffOf(principal), params.id, {
          decision: body.decision,
          reasons: body.reasons ?? [],
          note: body.note ?? null,
          ifMatch: ifMatch(req),
        }),
      ),
  };
}
