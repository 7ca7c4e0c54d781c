import type { AppDeps } from '../src/app/deps.js';

const BATCH = 200;
/** How long a relay waits without being woken (real milliseconds). */
const POLL_MS = 1_000;

/**
 * Carries tasks from the store into the queue: those just committed, those that the queue lost, those whose worker died. Several may run;
 * each takes what no other holds.
 */
export function startRelay(
  deps: Pick<AppDeps, 'store' | 'clock' | 'queue' | 'logger'> & {
    readonly refreshClock: () => Promise<void>;
  },
) {
  const { store, clock, queue, logger, refreshClock } = deps;
  let stopped = false;
  let wake: () => void = () => undefined;
  let woken = false;

  const sleep = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const run = async () => {
    const unsubscribe = await store.onTasks(() => {
      woken = true;
      wake();
    });
    while (!stopped) {
      woken = false;
      try {
        await refreshClock();
        const tasks = await store.read.tasks.takeForQueue(clock.now(), BATCH);
        if (tasks.length > 0) await queue.add(tasks);
        if (tasks.length === BATCH) continue;
      } catch (error) {
        logger.warn('relay_failed', { code: error instanceof Error ? error.name : 'unknown' });
      }
      if (!woken && !stopped) await sleep();
    }
    await unsubscribe();
  };
  const running = run();

  return {
    async stop(): Promise<void> {
      stopped = true;
      wake();
      await running;
    },
  };
}
