import type { PublicStatistics } from '../../app/public-statistics.js';
import type { ReadOutcomes } from '../../app/read-outcomes.js';
import { AppError } from '../../domain/errors.js';
import { K_THRESHOLD } from '../../domain/public-statistics.js';
import type { Handlers } from '../operation.js';
import { presentOutcome, presentPublicMonth } from '../present-third-parties.js';

type OutcomeOperation = 'listOutcomes' | 'getPublicStatistics';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Outcomes of courses for Members, and of everybody for anyone. */
export function makeOutcomeRoutes(deps: {
  readonly readOutcomes: ReadOutcomes;
  readonly publicStatistics: PublicStatistics;
}): Pick<Handlers, OutcomeOperation> {
  const { readOutcomes, publicStatistics } = deps;

  return {
    listOutcomes: async ({ query, principal }) => {
      if (principal.kind !== 'apiKey') throw new AppError('forbidden');
      if (query.cursor !== undefined && !UUID.test(query.cursor))
        throw new AppError('invalid_field', { errors: [{ pointer: 'cursor', code: 'invalid_cursor' }] });
      const limit = query.limit ?? 20;
      const rows = await readOutcomes(principal.key, query.course_id, {
        limit,
        ...(query.cursor === undefined ? {} : { after: query.cursor }),
      });
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return {
        status: 200,
        body: { data: rows.slice(0, limit).map(presentOutcome), next_cursor: last?.cursor ?? null },
      };
    },

    getPublicStatistics: async () => ({
      status: 200,
      body: {
        threshold: K_THRESHOLD,
        data: (await publicStatistics.list()).map(presentPublicMonth),
      },
    }),
  };
}
