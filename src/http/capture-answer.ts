import type { AppDeps } from '../app/deps.js';
import { loadView } from '../app/view.js';
import { AppError } from '../domain/errors.js';
import type { Reply } from './operation.js';
import { presentCaptureView } from './present.js';

/** What the learner is answered with, whatever they did: the case as it stands, under the policy that it is under. */
export function makeCaptureAnswer({ store, policies }: Pick<AppDeps, 'store' | 'policies'>) {
  return async function captureAnswer(id: string, status = 200): Promise<Reply> {
    const v = await store.read.verifications.findById(id);
    if (!v) throw new AppError('not_found');
    const view = await loadView(store.read, v);
    const body = presentCaptureView(
      view,
      await policies.bindingFor(view.consent),
      await store.read.disclosures.ofVerification(v.id),
    );
    return { status, version: v.rowVersion, body };
  };
}
