import type { Request } from 'express';
import type { ImageVerdict, UploadedPart } from '../../app/capture-images.js';
import type { makeConsent } from '../../app/consent.js';
import type { AppDeps } from '../../app/deps.js';
import type { makeHandover } from '../../app/handover.js';
import { AppError } from '../../domain/errors.js';
import { presentReason, SLOTS, type Slot } from '../../domain/reasons.js';
import type { components } from '../api-types.js';
import type { Principal } from '../principal.js';
import { makeCaptureAnswer } from '../capture-answer.js';
import { ifMatch } from '../if-match.js';
import type { Once } from '../once.js';
import type { Handlers } from '../operation.js';
import { presentLink } from '../present.js';
import type { StreamProgress } from '../progress-stream.js';

type CaptureOperation =
  | 'getCapture'
  | 'giveConsent'
  | 'withdrawConsent'
  | 'uploadImages'
  | 'removeImage'
  | 'submitCapture'
  | 'offerHandover'
  | 'streamEvents';

const learner = (principal: Principal) => {
  if (principal.kind !== 'captureToken') throw new AppError('forbidden');
  return principal.verification;
};

export function makeCaptureRoutes(
  deps: Pick<AppDeps, 'store' | 'policies' | 'captureTokens' | 'settings'> & {
    readonly consent: ReturnType<typeof makeConsent>;
    readonly handover: Pick<ReturnType<typeof makeHandover>, 'offer'>;
    readonly once: Once;
    readonly images: {
      upload(
        id: string,
        parts: readonly UploadedPart[],
        source: 'camera' | 'upload' | null,
      ): Promise<readonly ImageVerdict[]>;
      remove(id: string, slot: Slot, ifMatch?: number): Promise<void>;
    };
    readonly submitCapture: (id: string, ifMatch?: number) => Promise<void>;
    readonly streamProgress: StreamProgress;
  },
): Pick<Handlers, CaptureOperation> {
  const { store, captureTokens, settings, consent, images, submitCapture, handover, once, streamProgress } =
    deps;

  const answer = makeCaptureAnswer(deps);

  return {
    getCapture: ({ principal }) => answer(learner(principal).id),

    giveConsent: async (call) => {
      const v = learner(call.principal);
      const { policy_version: policyVersion, biometrics, cross_border: crossBorder } = call.body;
      await once.change(v, 'giveConsent', call, v.id, () =>
        consent.give(v.id, { policyVersion, biometrics, crossBorder }, ifMatch(call.req)),
      );
      return answer(v.id);
    },

    withdrawConsent: async ({ principal, req }) => {
      const { id } = learner(principal);
      await consent.withdraw(id, ifMatch(req));
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

    removeImage: async ({ params, principal, req }) => {
      const { id } = learner(principal);
      await images.remove(id, params.slot, ifMatch(req));
      return answer(id);
    },

    submitCapture: async (call) => {
      const v = learner(call.principal);
      await once.change(v, 'submitCapture', call, v.id, () => submitCapture(v.id, ifMatch(call.req)));
      return answer(v.id, 202);
    },

    offerHandover: async (call) => {
      const v = learner(call.principal);
      await once.change(v, 'offerHandover', call, v.id, () => handover.offer(v.id, ifMatch(call.req)));
      const offered = await store.read.verifications.findById(v.id);
      // Used meanwhile: a repeated call finds no offer any more.
      if (!offered?.handoverGeneration || !offered.handoverExpiresAt) throw new AppError('invalid_state');
      const link = presentLink(offered, offered.handoverGeneration, captureTokens, settings.publicBaseUrl);
      return { status: 201, body: { ...link, expires_at: offered.handoverExpiresAt.toISOString() } };
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
