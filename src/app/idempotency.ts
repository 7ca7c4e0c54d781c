import { createHmac } from 'node:crypto';
import { AppError } from '../domain/errors.js';
import { LIMITS } from '../domain/verification.js';
import { canonicalJson } from './journal.js';
import { KeyError } from '../domain/errors.js';
import { periodKeyDue, periodOf } from '../domain/wrapping-keys.js';
import type { AppDeps } from './deps.js';
import type { Repositories, Scope } from './ports/store.js';

/** How long a first call may run before a repeated one takes over (real milliseconds). */
const LEASE_MS = 30_000;
/** What the wrapping of a day's key is bound to: no person's data key opens under it. */
const KEY_BINDING = { tenantId: 'idempotency', verificationId: 'idempotency', epoch: 0 };

const digest = (dayKey: Uint8Array, text: string) => createHmac('sha256', dayKey).update(text).digest();

export type Idempotency = ReturnType<typeof makeIdempotency>;

/**
 * Makes a repeated call find the first one's resource. Only keyed digests of the key and the body are kept, under a key of the day that is
 * itself wrapped by the key of the period: the record holds no personal datum and no secret, and nobody can try names on an old dump.
 */
export function makeIdempotency({ store, clock, keys }: Pick<AppDeps, 'store' | 'clock' | 'keys'>) {
  /** Opened keys, so that a provider far away is asked once a day. */
  const opened = new Map<string, Uint8Array>();

  /** The keys of the days that may still hold a live record, newest first; today's is made when first asked for. */
  async function dayKeys(today: string): Promise<readonly { day: string; key: Uint8Array }[]> {
    let days = await store.read.idempotency.days();
    if (days[0]?.day !== today) {
      const { key, wrapped } = await keys.generateDataKey(today, KEY_BINDING);
      key.fill(0);
      await store.read.wrappingKeys.register({ id: today, dueAt: periodKeyDue(today) }, clock.now());
      await store.read.idempotency.addDay(today, wrapped);
      days = await store.read.idempotency.days();
    }
    for (const day of opened.keys()) if (!days.some((held) => held.day === day)) opened.delete(day);
    const found: { day: string; key: Uint8Array }[] = [];
    for (const { day, wrapped } of days) {
      const key = opened.get(day) ?? (await keys.unwrap(day, wrapped, KEY_BINDING));
      opened.set(day, key);
      found.push({ day, key });
    }
    return found;
  }

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

      const today = periodOf(now);
      const [newest, ...earlierDays] = await dayKeys(today);
      if (!newest) throw new KeyError('keys_unavailable');
      const todayKey = newest.key;
      for (const { key: dayKey } of earlierDays) {
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
