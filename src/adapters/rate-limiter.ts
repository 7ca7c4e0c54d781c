import { performance } from 'node:perf_hooks';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Limited, RateLimiter } from '../app/ports/rate-limiter.js';
import { connectRedis } from './redis-connection.js';

const WINDOW_SECONDS = 60;
/** A Redis that does not answer within this time is away (milliseconds), and is not asked for as long again as below. */
const PATIENCE = 200;
const AWAY = 2_000;

/**
 * Budgets by the minute, counted in Redis for all processes together. While Redis is away, or hangs, each process counts for itself: nobody
 * is locked out, and nobody is let loose.
 *
 * @param budgets calls a minute
 */
export function makeRateLimiter(options: {
  readonly url: string;
  readonly budgets: Readonly<Record<Limited, number>>;
  readonly onError: () => void;
}): RateLimiter {
  const redis = connectRedis(options.url, 'client', { commandTimeout: PATIENCE });
  redis.on('error', options.onError);
  const limitersOf = (kind: Limited) => {
    const budget = { points: options.budgets[kind], duration: WINDOW_SECONDS, keyPrefix: `limit:${kind}` };
    return {
      shared: new RateLimiterRedis({ ...budget, storeClient: redis, rejectIfRedisNotReady: true }),
      own: new RateLimiterMemory(budget),
    };
  };
  const limiters = {
    apiKey: limitersOf('apiKey'),
    captureToken: limitersOf('captureToken'),
    operatorJwt: limitersOf('operatorJwt'),
  } as const satisfies Record<Limited, unknown>;
  let awayUntil = 0;

  /** @throws RateLimiterRes where the budget is spent */
  async function consume(kind: Limited, id: string): Promise<void> {
    const { shared, own } = limiters[kind];
    if (performance.now() >= awayUntil)
      try {
        await shared.consume(id);
        return;
      } catch (refused) {
        if (refused instanceof RateLimiterRes) throw refused;
        awayUntil = performance.now() + AWAY;
      }
    await own.consume(id);
  }

  return {
    async take(kind, id) {
      try {
        await consume(kind, id);
        return null;
      } catch (refused) {
        if (refused instanceof RateLimiterRes) return Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
        throw refused;
      }
    },
    close() {
      redis.disconnect();
      return Promise.resolve();
    },
  };
}
