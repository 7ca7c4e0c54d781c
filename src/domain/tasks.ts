/** Kinds of queued work: the queue of each, and how often it is tried. */
interface TaskRule {
  readonly queue: 'read-document' | 'match-face' | 'forget';
  readonly maxTries: number;
}

/** Lease of a run in real milliseconds, renewed while its worker lives: how late another takes over from a worker that died. */
export const TASK_LEASE = 15_000;

export const TASKS = {
  read_document: { queue: 'read-document', maxTries: 3 },
  match_face: { queue: 'match-face', maxTries: 3 },
  /** Forgetting is tried until it is done: a promise has no last attempt. */
  forget: { queue: 'forget', maxTries: Number.MAX_SAFE_INTEGER },
  /** Erases one replaced or abandoned blob. */
  erase_blob: { queue: 'forget', maxTries: Number.MAX_SAFE_INTEGER },
} as const satisfies Record<string, TaskRule>;

export type TaskKind = keyof typeof TASKS;
export type QueueName = (typeof TASKS)[TaskKind]['queue'];
export const QUEUES = ['read-document', 'match-face', 'forget'] as const satisfies readonly QueueName[];

/** What a worker process can take on: the queues, and the sending of events, which needs none. */
export const WORK = [...QUEUES, 'webhooks'] as const;
export type Work = (typeof WORK)[number];

/** Kinds whose results together make the evidence of one attempt. */
export const ENGINE_TASKS = ['read_document', 'match_face'] as const satisfies readonly TaskKind[];
