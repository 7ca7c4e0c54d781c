import type { Config } from '../src/config.js';
import { buildContainer } from '../src/container.js';
import type { QueueName } from '../src/domain/tasks.js';
import { makeForgetProcessor } from './processors/forget.js';
import { startRelay } from './relay.js';
import { runWorker, type Processors } from './run-worker.js';
import { startScheduler } from './scheduler.js';

/** Runs the workers of the given queues, a relay and a scheduler, until told to stop; then lets running jobs end. */
export async function work(
  config: Config,
  queues: readonly QueueName[],
  stopped: Promise<void>,
): Promise<void> {
  const container = await buildContainer(config, 'worker');
  const { logger, metrics, refreshClock, settle } = container;
  try {
    await refreshClock();
    await container.engines.warm();
    const processors: Processors = {
      read_document: container.readDocument,
      match_face: container.matchFace,
      ...makeForgetProcessor(container),
    };
    const workers = queues.map((queue) =>
      runWorker({
        ...container,
        queue,
        redisUrl: config.redisUrl,
        concurrency: config.workerConcurrency,
        processors,
        settle,
        refreshClock,
        onTask: (kind, outcome, ms) => metrics.task(kind, outcome, ms),
      }),
    );
    const relay = startRelay(container);
    const scheduler = startScheduler(container);
    const endpoint = await metrics.listen(config.host, config.metricsPort);
    logger.info('worker_ready', { count: workers.length });

    await stopped;
    logger.info('worker_draining');
    await scheduler.stop();
    await relay.stop();
    await Promise.all(workers.map((worker) => worker.stop()));
    await endpoint.stop();
  } finally {
    // Also where it could not start: a process that lingers is one that nobody starts again.
    await container.close();
  }
}
