import { Worker } from 'bullmq';
import type { JobData } from '../src/adapters/bullmq-queue.js';
import { connectRedis } from '../src/adapters/redis-connection.js';
import type { AppDeps } from '../src/app/deps.js';
import type { TaskRow } from '../src/app/ports/store.js';
import type { SettleAttempt } from '../src/app/settle-attempt.js';
import { AppError, EngineError, KeyError, StorageError } from '../src/domain/errors.js';
import { TASK_LEASE, TASKS, type QueueName, type TaskKind } from '../src/domain/tasks.js';

/** First wait before a task is tried again, doubled each time up to the longest (milliseconds). */
const FIRST_RETRY = 500;
const LONGEST_RETRY = 5 * 60_000;

export type Processors = { readonly [Kind in TaskKind]: (task: TaskRow) => Promise<void> };

/** Fixed words for what went wrong; never a message, which may quote data. */
function errorCode(error: unknown): string {
  if (error instanceof EngineError || error instanceof StorageError || error instanceof KeyError)
    return error.code;
  if (error instanceof AppError) return error.code;
  return 'failed';
}

/** A picture that cannot be opened, or a seal that is broken, will not mend by trying again. */
const isHopeless = (code: string) => ['image_undecodable', 'seal_broken', 'key_rejected'].includes(code);

/**
 * Runs one queue. A job only says which task; the task is claimed in the store, fenced by its number of tries, so that a job that comes
 * twice runs once. What fails is tried again later; what has no try left goes to a person.
 */
export function runWorker(
  deps: Pick<AppDeps, 'store' | 'clock' | 'logger'> & {
    readonly queue: QueueName;
    readonly redisUrl: string;
    readonly concurrency: number;
    readonly processors: Processors;
    readonly settle: SettleAttempt;
    readonly refreshClock: () => Promise<void>;
    readonly onTask: (kind: TaskKind, outcome: 'done' | 'retried' | 'dead', ms: number) => void;
  },
) {
  const { store, clock, logger, processors, settle, refreshClock, onTask } = deps;

  async function runTask(taskId: string): Promise<void> {
    await refreshClock();
    const task = await store.read.tasks.begin(taskId, TASK_LEASE);
    if (!task) return;
    const begun = performance.now();
    const passed = () => Math.round(performance.now() - begun);
    const { maxTries } = TASKS[task.kind];
    const heartbeat = setInterval(() => {
      store.read.tasks.extend(task.id, task.tries, TASK_LEASE).catch(() => undefined);
    }, TASK_LEASE / 3);
    try {
      // It took its workers down with it, every time: a person looks at it instead.
      if (task.tries > maxTries) throw new EngineError('engine_crashed');
      await processors[task.kind](task);
      await store.read.tasks.finish(task.id, task.tries);
      onTask(task.kind, 'done', passed());
    } catch (error) {
      const code = errorCode(error);
      const fields = { task_id: task.id, verification_id: task.verificationId, kind: task.kind, code };
      const dead = maxTries !== Number.MAX_SAFE_INTEGER && (task.tries >= maxTries || isHopeless(code));
      if (dead) {
        await settle.fail(task, code);
        logger.error('task_dead', fields);
      } else {
        const wait = Math.min(FIRST_RETRY * 2 ** Math.min(task.tries - 1, 20), LONGEST_RETRY);
        await store.read.tasks.retry(task.id, task.tries, code, new Date(clock.now().getTime() + wait));
        logger.warn('task_retried', fields);
      }
      onTask(task.kind, dead ? 'dead' : 'retried', passed());
    } finally {
      clearInterval(heartbeat);
    }
  }

  const connection = connectRedis(deps.redisUrl, 'worker');
  connection.on('error', () => logger.warn('redis_connection_lost'));
  const worker = new Worker<JobData>(
    deps.queue,
    async (job) => {
      try {
        await runTask(job.data.taskId);
      } catch (error) {
        // The store is away: the lease runs out and the relay puts the task into the queue again. BullMQ must not learn the message.
        logger.error('task_abandoned', { code: error instanceof Error ? error.name : 'unknown' });
      }
    },
    {
      connection,
      concurrency: deps.concurrency,
      lockDuration: 60_000,
      stalledInterval: 15_000,
      maxStalledCount: 5,
    },
  );
  worker.on('error', () => logger.warn('worker_error', { kind: deps.queue }));

  return {
    /** Lets running jobs end, takes no new ones. */
    async stop(): Promise<void> {
      await worker.close();
      connection.disconnect();
    },
  };
}
