import type { TaskRow } from './store.js';

/** Carries tasks to workers. Holds ids only, and may lose everything at any moment: tasks stand in the store. */
export interface JobQueue {
  add(tasks: readonly TaskRow[]): Promise<void>;
  /** Removes what the queue still remembers of these tasks. */
  forget(tasks: readonly TaskRow[]): Promise<void>;
  /** Resolves when the queue answers. @throws StorageError */
  check(): Promise<void>;
}
