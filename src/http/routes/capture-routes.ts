import type { Request } from 'express';
import type { ImageVerdict, UploadedPart } from '../../app/capture-images.js';
import type { GivenConsent } from '../../app/consent.js';
import type { AppDeps } from '../../app/deps.js';
import { loadView } from '../../app/view.js';
import { AppError } from '../../domain/errors.js';
import { presentReason, SLOTS, type Slot } from '../../domain/reasons.js';
import type { components } from '../api-types.js';
import type { Principal } from '../principal.js';
import type { Handlers, Reply } from '../operation.js';
import { presentCaptureView } from '../present.js';
import type { StreamProgress } from '../progress-stream.js';

type CaptureOperation =
  | 'getCapture'
  | 'giveConsent'
  | 'withdrawConsent'
  | 'uploadImages'
  | 'removeImage'
  | 'submitCapture'
  | 'streamEvents';

const learner = (principal: Principal) => {
  if (principal.kind !== 'captureToken') throw new AppError('forbidden');
  return principal.verification;
};

export function makeCaptureRoutes(
  deps: Pick<AppDeps, 'store' | 'policies'> & {
    readonly consent: {
      give(id: string, given: GivenConsent): Promise<void>;
      withdraw(id: string): Promise<void>;
    };
    readonly images: {
      upload(
        id: string,
        parts: readonly UploadedPart[],
        source: 'camera' | 'upload' | null,
      ): Promise<readonly ImageVerdict[]>;
      remove(id: string, slot: Slot): Promise<void>;
    };
    readonly submitCapture: (id: string) => Promise<void>;
    readonly streamProgress: StreamProgress;
  },
): Pick<Handlers, CaptureOperation> {
  const { store, policies, consent, images, submitCapture, streamProgress } = deps;

  async function answer(id: string, status = 200): Promise<Reply> {
    const v = await store.read.verifications.findById(id);
    if (!v) throw new AppError('not_found');
    const body = presentCaptureView(await loadView(store.read, v), await policies.current());
    return { status, version: v.rowVersion, body };
  }

  return {
    getCapture: ({ principal }) => answer(learner(principal).id),

    giveConsent: async ({ body, principal }) => {
      const { id } = learner(principal);
      await consent.give(id, {
        policyVersion: body.policy_version,
        biometrics: body.biometrics,
        crossBorder: body.cross_border,
      });
      return answer(id);
    },

    withdrawConsent: async ({ principal }) => {
      const { id } = learner(principal);
      await consent.withdraw(id);
      return answer(id);
    },

    uploadImages: async ({ principal, req }) => {
      const { id } = learner(principal);
      const { parts, source } = readParts(req);
      const verdicts = await images.upload(id, parts, source);
      const v = await store.read.verifications.findById(id);
      const received = v ? (await store.read.blobs.stored(v.id, v.epoch)).map((blob) => blob.slot) : [];
      const result = presentUpload(received, verdicts);
      if (verdicts.every(({ outcome }) => outcome === 'rejected'))
        throw new AppError('images_rejected', {
          errors: verdicts.flatMap(({ slot, reasons }) => reasons.map((code) => ({ pointer: slot, code }))),
          detail: 'See `errors` for the reason of each slot.',
        });
      return { status: 200, body: result };
    },

    removeImage: async ({ params, principal }) => {
      const { id } = learner(principal);
      await images.remove(id, params.slot);
      return answer(id);
    },

    submitCapture: async ({ principal }) => {
      const { id } = learner(principal);
      await submitCapture(id);
      return answer(id, 202);
    },

    streamEvents: async ({ principal, req, res }) => {
      await streamProgress(learner(principal), Number(req.get('last-event-id') ?? 0), res);
      return undefined;
    },
  };
}

function presentUpload(
  received: readonly Slot[],
  verdicts: readonly ImageVerdict[],
): components['schemas']['UploadResult'] {
  return {
    received: [...received],
    images: Object.fromEntries(
      verdicts.map(({ slot, outcome, reasons }) => [
        slot,
        { outcome, reasons: reasons.map((code) => presentReason({ code, slot }, 'learner')) },
      ]),
    ),
  };
}

/** What multer left on the request: it has checked names and sizes, not values. */
function readParts(req: Request): { parts: UploadedPart[]; source: 'camera' | 'upload' | null } {
  const files = (req.files ?? {}) as Readonly<Record<string, readonly Express.Multer.File[]>>;
  const parts = SLOTS.flatMap((slot) => (files[slot] ?? []).map((file) => ({ slot, bytes: file.buffer })));
  const { source, ...rest } = (req.body ?? {}) as Record<string, unknown>;
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined)
    throw new AppError('unexpected_field', {
      errors: [{ pointer: unknown.slice(0, 64), code: 'unexpected_field' }],
    });
  if (source !== undefined && source !== 'camera' && source !== 'upload')
    throw new AppError('invalid_field', { errors: [{ pointer: 'source', code: 'invalid_enum' }] });
  if (parts.length === 0)
    throw new AppError('invalid_field', { errors: [{ pointer: 'id_front', code: 'required' }] });
  return { parts, source: source ?? null };
}
