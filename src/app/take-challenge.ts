import { randomInt } from 'node:crypto';
import {
  CHALLENGE_LIMITS,
  drawPoses,
  judgeChallenge,
  type ChallengeJudgement,
  type FrameEvidence,
  type Pose,
} from '../domain/challenge.js';
import { AppError, EngineError } from '../domain/errors.js';
import { FACE_POLICY } from '../domain/face-policy.js';
import type { Verification } from '../domain/verification.js';
import { attemptRef } from './advance.js';
import type { ChallengeEvidence } from './challenge-evidence.js';
import type { AppDeps } from './deps.js';
import { openImages, wipe } from './engine-task.js';
import type { Repositories } from './ports/store.js';

export interface MadeChallenge {
  readonly id: string;
  readonly poses: readonly Pose[];
  readonly expiresAt: Date;
}

/** A frame in clear: wiped once it was looked at. */
export interface ChallengeFrame {
  readonly bytes: Uint8Array;
  /** Milliseconds of the camera's clock, whatever it counts from. */
  readonly takenAt: number;
}

/** Whoever may be challenged: pictures are awaited, and the consent to biometrics stands. */
async function requireChallengeable(
  repos: Repositories,
  v: Verification | null,
  now: Date,
): Promise<Verification> {
  if (!v) throw new AppError('not_found');
  if (v.status !== 'requires_input' || v.captureExpiresAt <= now) throw new AppError('invalid_state');
  const consent = await repos.consents.latest(v.id);
  if (!consent || consent.withdrawnAt) throw new AppError('consent_missing');
  if (v.method !== 'biometric' || !consent.biometrics)
    throw new AppError('consent_missing', {
      detail: 'A challenge compares faces, to which the learner has not agreed.',
    });
  return v;
}

const challengeOf = async (repos: Repositories, v: Verification) =>
  (await repos.evidence.get(attemptRef(v), 'challenge')) as ChallengeEvidence | null;

/**
 * Asks for a random order of poses, and judges the frames that answer it. Evidence only: a person looks where an answer is suspicious, and
 * nobody is approved for a good one. Frames are looked at in memory, and no picture, template or angle of them is kept.
 */
export function makeTakeChallenge(
  deps: Pick<AppDeps, 'store' | 'clock' | 'ids' | 'vault' | 'blobs' | 'journal' | 'presence'>,
) {
  const { store, clock, ids, vault, journal, presence } = deps;

  async function observe(before: Verification, frames: readonly ChallengeFrame[]) {
    const dataKey = await vault.openDataKey(store.read, attemptRef(before));
    if (!dataKey) throw new AppError('invalid_state');
    try {
      const images = await openImages(deps, before, dataKey, ['selfie']);
      const { selfie } = images;
      if (!selfie) throw new AppError('selfie_missing');
      const seen = await presence
        .observe(
          frames.map(({ bytes }) => bytes),
          selfie.bytes,
        )
        .finally(() => wipe(images));
      return { seen, selfieBlob: selfie.row.id };
    } finally {
      dataKey.fill(0);
    }
  }

  return {
    /** Makes a new challenge, which replaces one that was not answered. @throws AppError */
    async make(verificationId: string): Promise<MadeChallenge> {
      return store.transaction(async (tx) => {
        const now = clock.now();
        const v = await requireChallengeable(tx, await tx.verifications.lock(verificationId), now);
        const earlier = await challengeOf(tx, v);
        const made = (earlier?.made ?? 0) + 1;
        if (made > CHALLENGE_LIMITS.perAttempt) throw new AppError('challenge_limit_reached');
        const expiresAt = new Date(now.getTime() + CHALLENGE_LIMITS.lifetime);
        const challenge: ChallengeEvidence = {
          id: ids.next('challenge'),
          poses: drawPoses((below) => randomInt(below)),
          madeAt: now.toISOString(),
          expiresAt: expiresAt.toISOString(),
          made,
          answered: false,
          answers: earlier?.answers ?? [],
        };
        await tx.evidence.put(attemptRef(v), 'challenge', challenge);
        await journal.audit(tx, v, 'learner', 'challenge.made', { challenge: challenge.id });
        return { id: challenge.id, poses: challenge.poses, expiresAt };
      });
    },

    /** The challenge that stands, answered or not; `null` where there is none. */
    async current(verificationId: string): Promise<MadeChallenge | null> {
      const v = await store.read.verifications.findById(verificationId);
      const challenge = v && (await challengeOf(store.read, v));
      if (!challenge) return null;
      return { id: challenge.id, poses: challenge.poses, expiresAt: new Date(challenge.expiresAt) };
    },

    /**
     * Takes the frames of an answer. One challenge has one answer: who sends a second one has seen the order for too long.
     *
     * @throws AppError `challenge_over`, `selfie_missing`, `image_undecodable`, …
     */
    async answer(
      verificationId: string,
      challengeId: string,
      frames: readonly ChallengeFrame[],
    ): Promise<void> {
      const now = clock.now();
      const before = await store.transaction(async (tx) => {
        const v = await requireChallengeable(tx, await tx.verifications.lock(verificationId), now);
        const challenge = await challengeOf(tx, v);
        if (challenge?.id !== challengeId || challenge.answered || new Date(challenge.expiresAt) <= now)
          throw new AppError('challenge_over');
        if (!(await tx.blobs.stored(v.id, v.epoch)).some(({ slot }) => slot === 'selfie'))
          throw new AppError('selfie_missing');
        await tx.evidence.put(attemptRef(v), 'challenge', { ...challenge, answered: true });
        return { v, challenge };
      });
      const { seen, selfieBlob } = await observe(before.v, frames)
        .finally(() => frames.forEach(({ bytes }) => bytes.fill(0)))
        .catch((error: unknown) => {
          if (error instanceof EngineError && error.code === 'image_undecodable')
            throw new AppError('image_undecodable');
          throw error;
        });
      const start = frames[0]?.takenAt ?? 0;
      const evidence = frames.map(({ takenAt }, index): FrameEvidence => ({
        ...(seen[index] ?? {
          faces: 0,
          yaw: null,
          pitch: null,
          similarity: null,
          change: null,
          frozen: null,
        }),
        at: takenAt - start,
      }));
      const answeredAfter = now.getTime() - new Date(before.challenge.madeAt).getTime();
      const judgement = judgeChallenge(before.challenge.poses, evidence, answeredAfter, {
        otherPerson: FACE_POLICY.uncertain,
      });
      await keep(before.v, challengeId, { ...judgement, selfieBlob });
    },
  };

  /** Nothing is written where the case moved on, or another challenge has taken the place of this one. */
  async function keep(
    before: Verification,
    challengeId: string,
    answer: ChallengeJudgement & { readonly selfieBlob: string },
  ): Promise<void> {
    await store.transaction(async (tx) => {
      const v = await tx.verifications.lock(before.id);
      if (v?.status !== 'requires_input' || v.epoch !== before.epoch || v.attempt !== before.attempt)
        throw new AppError('upload_superseded');
      const challenge = await challengeOf(tx, v);
      if (!challenge) throw new AppError('upload_superseded');
      const { outcome, signs, selfieBlob } = answer;
      await tx.evidence.put(attemptRef(v), 'challenge', {
        ...challenge,
        answers: [...challenge.answers, { outcome, signs, selfieBlob }],
      });
      await journal.audit(tx, v, 'learner', 'challenge.answered', { challenge: challengeId });
    });
  }
}
