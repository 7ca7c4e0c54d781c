import type { CaptureCues, FileCues } from '../domain/capture-cues.js';
import { attemptRef } from './advance.js';
import type { AppDeps } from './deps.js';
import { openImages, whileCurrent, wipe } from './engine-task.js';
import type { TaskRow } from './ports/store.js';
import type { SettleAttempt } from './settle-attempt.js';

/** Compares portrait and selfie of one attempt. Nothing of a face is kept but scores, and how many faces were seen. */
export function makeMatchFace(
  deps: Pick<AppDeps, 'store' | 'vault' | 'blobs' | 'faces' | 'presence'> & {
    readonly settle: SettleAttempt;
  },
) {
  const { faces, presence, settle } = deps;
  return async function matchFace(task: TaskRow): Promise<void> {
    await whileCurrent(deps, task, 'match_face', async (v, dataKey) => {
      // The promise to whoever refused biometrics does not hang on which tasks were queued.
      if (v.method !== 'biometric') return settle.complete(task, () => Promise.resolve());
      const images = await openImages(deps, v, dataKey, ['id_front', 'selfie']);
      const { id_front: document, selfie } = images;
      // The reader found a payment card and dropped it while this task waited: there is nothing to compare a face with.
      if (!document) return settle.complete(task, () => Promise.resolve());
      if (!selfie) throw new Error('image_missing');
      const comparison = await faces.compare(document.bytes, selfie.bytes);
      const seen = await presence.look(selfie.bytes);
      wipe(images);
      const cues: CaptureCues & FileCues = { ...seen, altered: selfie.row.quality?.['altered'] === 1 };
      await settle.complete(task, (tx, current) =>
        tx.evidence.put(attemptRef(current), 'face', {
          score: comparison.score,
          faces: comparison.faces,
          model: faces.model,
          cues,
        }),
      );
    });
  };
}
