import { Queue } from 'bullmq';
import type { JobQueue } from '../app/ports/job-queue.js';
import type { TaskRow } from '../app/ports/store.js';
import { StorageError } from '../domain/errors.js';
import { QUEUES, TASKS, type QueueName } from '../domain/tasks.js';
import { connectRedis } from './redis-connection.js';

/** The whole payload of a job. BullMQ keeps it in clear, so nothing else may ever stand here. */
export interface JobData {
  readonly taskId: string;
}

const jobId = (task: Pick<TaskRow, 'id' | 'tries'>): string => `t-${task.id}-${task.tries}`;

/** Puts tasks into BullMQ. Its own retries are off: the tasks table decides what runs again. */
export function makeBullmqQueue(options: { readonly url: string; readonly onError: () => void }): JobQueue & {
  close(): Promise<void>;
} {
  const connection = connectRedis(options.url, 'client');
  connection.on('error', options.onError);
  const queues = new Map<QueueName, Queue<JobData>>(
    QUEUES.map((name) => {
      const queue = new Queue<JobData>(name, {
        connection,
        defaultJobOptions: { removeOnComplete: true, removeOnFail: true, attempts: 1 },
      });
      queue.on('error', options.onError);
      return [name, queue];
    }),
  );
  const queueOf = (task: TaskRow): Queue<JobData> => {
    const queue = queues.get(TASKS[task.kind].queue);
    if (!queue) throw new StorageError('storage_unavailable');
    return queue;
  };

  return {
    async add(tasks) {
      for (const task of tasks)
        await queueOf(task).add(task.kind, { taskId: task.id }, { jobId: jobId(task) });
    },
    async forget(tasks) {
      for (const task of tasks)
        for (let tries = 0; tries <= task.tries; tries++) {
          // A job that runs is locked and ends by itself: it finds its task gone.
          await queueOf(task)
            .remove(jobId({ id: task.id, tries }))
            .catch(() => 0);
        }
    },
    async check() {
      try {
        await connection.ping();
      } catch (error) {
        throw new StorageError('storage_unavailable', { cause: error });
      }
    },
    async close() {
      for (const queue of queues.values()) await queue.close();
      connection.disconnect();
    },
  };
}
