import type { Request } from 'express';
import type { ChallengeFrame, MadeChallenge } from '../../app/take-challenge.js';
import { CHALLENGE_LIMITS } from '../../domain/challenge.js';
import { AppError } from '../../domain/errors.js';
import { isId } from '../../domain/ids.js';
import type { components } from '../api-types.js';
import type { Once } from '../once.js';
import type { Handlers } from '../operation.js';
import type { Principal } from '../principal.js';

type ChallengeOperation = 'makeChallenge' | 'answerChallenge';

const learnersVerification = (principal: Principal) => {
  if (principal.kind !== 'captureToken') throw new AppError('forbidden');
  return principal.verification;
};

/** The challenge of poses, asked for and answered by the learner's browser. */
export function makeChallengeRoutes({
  challenge,
  once,
}: {
  readonly once: Once;
  readonly challenge: {
    make(verificationId: string): Promise<MadeChallenge>;
    current(verificationId: string): Promise<MadeChallenge | null>;
    answer(verificationId: string, challengeId: string, frames: readonly ChallengeFrame[]): Promise<void>;
  };
}): Pick<Handlers, ChallengeOperation> {
  return {
    makeChallenge: async (call) => {
      const v = learnersVerification(call.principal);
      await once.change(v, 'makeChallenge', call, v.id, () => challenge.make(v.id));
      const made = await challenge.current(v.id);
      if (!made) throw new AppError('challenge_over');
      const { id, poses, expiresAt } = made;
      const body: components['schemas']['Challenge'] = {
        challenge_id: id,
        poses: [...poses],
        expires_at: expiresAt.toISOString(),
      };
      return { status: 201, body };
    },

    answerChallenge: async ({ principal, req }) => {
      const { challengeId, frames } = readForm(req);
      await challenge.answer(learnersVerification(principal).id, challengeId, frames);
      const body: components['schemas']['ChallengeAnswer'] = {
        challenge_id: challengeId,
        received: frames.length,
      };
      return { status: 202, body };
    },
  };
}

const invalid = (pointer: string, code: string) =>
  new AppError('invalid_field', { errors: [{ pointer, code }] });

const TIME = /^\d{1,15}$/;

/** What multer left on the request: it has checked names and sizes, not values. */
function readForm(req: Request): {
  readonly challengeId: string;
  readonly frames: readonly ChallengeFrame[];
} {
  const { frames: files = [] } = (req.files ?? {}) as { readonly frames?: readonly Express.Multer.File[] };
  const { challenge_id: challengeId, taken_at: given, ...rest } = (req.body ?? {}) as Record<string, unknown>;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined)
    throw new AppError('unexpected_field', {
      errors: [{ pointer: unknown.slice(0, 64), code: 'unexpected_field' }],
    });
  if (typeof challengeId !== 'string' || !isId('challenge', challengeId))
    throw invalid('challenge_id', challengeId === undefined ? 'required' : 'invalid_format');
  if (files.length <= CHALLENGE_LIMITS.turns) throw invalid('frames', 'too_few');
  const times: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (times.length !== files.length) throw invalid('taken_at', 'one_per_frame');
  const frames = files.map(({ buffer }, index) => {
    const time = times[index];
    if (typeof time !== 'string' || !TIME.test(time)) throw invalid('taken_at', 'invalid_format');
    return { bytes: buffer, takenAt: Number(time) };
  });
  return { challengeId, frames };
}
