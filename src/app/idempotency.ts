import { createHmac } from 'node:crypto';
import { AppError } from '../domain/errors.js';
import { LIMITS } from '../domain/verification.js';
import { canonicalJson } from './journal.js';
import type { Clock } from './ports/clock.js';
import type { Repositories, Scope, Store } from './ports/store.js';

/** How long a first call may run before a repeated one takes over (real milliseconds). */
const LEASE_MS = 30_000;

const digest = (dayKey: Uint8Array, text: string) => createHmac('sha256', dayKey).update(text).digest();

export type Idempotency = ReturnType<typeof makeIdempotency>;

/**
 * Makes a repeated call find the first one's resource. Only keyed digests of the key and the body are kept, under a key of the day that is
 * destroyed after use: the record holds no personal datum and no secret.
 */
export function makeIdempotency({ store, clock }: { store: Store; clock: Clock }) {
  return {
    /**
     * @param run makes the resource; it calls `complete` inside its own transaction, so that record and resource commit together
     * @returns the id of the resource, made now or before
     * @throws AppError `idempotency_key_reused`, `idempotency_in_progress`, and whatever `run` throws (which is then forgotten)
     */
    async once(
      scope: Scope,
      route: string,
      key: string | undefined,
      body: unknown,
      run: (complete: (tx: Repositories, resourceId: string) => Promise<void>) => Promise<string>,
    ): Promise<string> {
      if (key === undefined) return run(() => Promise.resolve());
      const { idempotency } = store.read;
      const text = canonicalJson(body);
      const now = clock.now();
      await idempotency.purge(new Date(now.getTime() - LIMITS.idempotencyKept));

      const answer = (record: { bodyDigest: Uint8Array; resourceId: string | null }, dayKey: Uint8Array) => {
        if (!digest(dayKey, text).equals(record.bodyDigest)) throw new AppError('idempotency_key_reused');
        if (record.resourceId === null) throw new AppError('idempotency_in_progress', { retryAfter: 1 });
        return record.resourceId;
      };

      const today = now.toISOString().slice(0, 10);
      const todayKey = await idempotency.dayKey(today);
      for (const { day, key: dayKey } of await idempotency.dayKeys()) {
        if (day === today) continue;
        const earlier = await idempotency.find(scope, route, digest(dayKey, key));
        if (earlier?.resourceId != null) return answer(earlier, dayKey);
      }

      const keyDigest = digest(todayKey, key);
      const earlier = await idempotency.begin(scope, route, {
        day: today,
        keyDigest,
        bodyDigest: digest(todayKey, text),
        leaseMs: LEASE_MS,
        now,
      });
      if (earlier) return answer(earlier, todayKey);
      try {
        return await run((tx, resourceId) => tx.idempotency.complete(scope, route, keyDigest, resourceId));
      } catch (error) {
        await idempotency.abandon(scope, route, keyDigest);
        throw error;
      }
    },
  };
}
