import type { Config } from '../src/config.js';
import { buildContainer } from '../src/container.js';
import { QUEUES, type Work } from '../src/domain/tasks.js';
import { makeForgetProcessor } from './processors/forget.js';
import { startRelay } from './relay.js';
import { runWorker, type Processors } from './run-worker.js';
import { startScheduler } from './scheduler.js';
import { startWebhookCourier } from './webhook-courier.js';

/** Runs the workers of what is to be taken on, a relay and a scheduler, until told to stop; then lets running jobs end. */
export async function work(config: Config, taken: readonly Work[], stopped: Promise<void>): Promise<void> {
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
    const workers = QUEUES.filter((queue) => taken.includes(queue)).map((queue) =>
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
    const courier = taken.includes('webhooks')
      ? startWebhookCourier({ ...container, onDelivery: (note) => metrics.webhook(note) })
      : null;
    const scheduler = startScheduler(container);
    const endpoint = await metrics.listen(config.host, config.metricsPort);
    logger.info('worker_ready', { count: taken.length });

    await stopped;
    logger.info('worker_draining');
    await scheduler.stop();
    await relay.stop();
    await courier?.stop();
    await Promise.all(workers.map((worker) => worker.stop()));
    await endpoint.stop();
  } finally {
    // Also where it could not start: a process that lingers is one that nobody starts again.
    await container.close();
  }
}
