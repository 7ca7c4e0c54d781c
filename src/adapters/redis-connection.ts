import { Redis, type RedisOptions } from 'ioredis';

/**
 * A connection. A `worker` waits for Redis as long as it takes; a `client` gives up soon, for the relay comes again anyway and
 * a caller is better told that the queue is away.
 */
export function connectRedis(
  url: string,
  role: 'client' | 'worker',
  more: Pick<RedisOptions, 'commandTimeout'> = {},
): Redis {
  return new Redis(url, {
    maxRetriesPerRequest: role === 'worker' ? null : 1,
    enableOfflineQueue: role === 'worker',
    retryStrategy: (times) => Math.min(times * 100, 2_000),
    lazyConnect: false,
    ...more,
  });
}
