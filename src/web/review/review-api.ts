import type { components } from '../../http/api-types.js';
import type { ApiClient } from '../lib/api-client.js';

type Schemas = components['schemas'];
export type Review = Schemas['Review'];
export type ReviewSummary = Schemas['ReviewSummary'];
export type ReviewStatus = ReviewSummary['status'];
export type Slot = Schemas['Slot'];
export type Decision = 'approve' | 'decline' | 'request_resubmission';

/** A review as it was answered: what a decision is based on. */
export interface OpenedReview {
  readonly review: Review;
  readonly etag: string | null;
  /** Milliseconds of the lease that were left when it was answered, by the server's clock; `null` without a lease. */
  readonly leaseLeft: number | null;
}

/** An HTTP date has no fraction of a second: it may be this much older than the answer. Rather too short a lease than too long. */
const DATE_GRAIN = 1_000;

export function makeReviewApi(client: ApiClient) {
  const path = (id: string, rest = '') => `/v1/reviews/${encodeURIComponent(id)}${rest}`;
  async function open(
    method: string,
    id: string,
    rest: string,
    more: { json?: object; etag?: string | null } = {},
  ): Promise<OpenedReview> {
    const { body, etag, servedAt } = await client.call<Review>(method, path(id, rest), {
      ...(more.json === undefined ? {} : { json: more.json }),
      ...(more.etag === undefined || more.etag === null ? {} : { headers: { 'If-Match': more.etag } }),
    });
    const until = body.lease_until === null ? null : Date.parse(body.lease_until);
    const leaseLeft = until === null || !servedAt ? null : until - servedAt.getTime() - DATE_GRAIN;
    return { review: body, etag, leaseLeft };
  }
  return {
    async list(status: ReviewStatus, cursor: string | null) {
      const query = new URLSearchParams({ status, limit: '50', ...(cursor === null ? {} : { cursor }) });
      const answer = await client.call<{ data: ReviewSummary[]; next_cursor: string | null }>(
        'GET',
        `/v1/reviews?${query.toString()}`,
      );
      return { ...answer.body, servedAt: answer.servedAt };
    },
    get: (id: string) => open('GET', id, ''),
    claim: (id: string) => open('POST', id, '/claim'),
    release: (id: string) => open('POST', id, '/release'),
    decide: (
      id: string,
      etag: string | null,
      decision: { decision: Decision; reasons: string[]; note?: string },
    ) => open('POST', id, '/decision', { json: decision, etag }),
    confirm: (id: string, etag: string | null, agree: boolean) =>
      open('POST', id, '/decision/confirm', { json: { agree }, etag }),
    image: (id: string, slot: Slot, signal: AbortSignal) =>
      client.blob(path(id, `/images/${slot}`), { signal }),
  };
}

export type ReviewApi = ReturnType<typeof makeReviewApi>;
