import type { Forget } from '../../src/app/forget.js';
import type { Processors } from '../run-worker.js';

/** The queue `forget`: whole persons, and single blobs that were replaced. */
export const makeForgetProcessor = (deps: {
  readonly forget: Forget;
  readonly eraseBlob: (blobId: string) => Promise<void>;
}): Pick<Processors, 'forget' | 'erase_blob'> => ({
  forget: (task) => deps.forget(task.verificationId, task.epoch),
  erase_blob: async (task) => {
    if (task.blobId !== null) await deps.eraseBlob(task.blobId);
  },
});
