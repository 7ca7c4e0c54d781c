import type { ChallengeJudgement, ChallengeSign, Pose } from '../domain/challenge.js';
import type { BlobRow } from './ports/store.js';

/** An answer that was judged. Bound to the selfie that it was compared with: another one says nothing of these frames. */
export interface ChallengeAnswer extends ChallengeJudgement {
  readonly selfieBlob: string;
}

/** The challenges of one attempt: the newest one, and what came of all. Nothing of the frames themselves. */
export interface ChallengeEvidence {
  readonly id: string;
  readonly poses: readonly Pose[];
  /** RFC 3339. */
  readonly madeAt: string;
  readonly expiresAt: string;
  /** Challenges made in this attempt. */
  readonly made: number;
  /** An answer was taken in, whatever became of it. */
  readonly answered: boolean;
  readonly answers: readonly ChallengeAnswer[];
}

/** Signs that another try does not undo: the learner was somebody else, or no camera took the frames. */
const LASTING: readonly ChallengeSign[] = ['other_person', 'repeated_frame', 'frozen_picture'];

export interface Presence {
  readonly outcome: 'pass' | 'fail' | null;
  readonly signs: readonly ChallengeSign[];
}

/** What the answers of an attempt come to: the last one counts, and of those before what lasts. */
export function presenceOf(
  body: Readonly<Record<string, unknown>> | null,
  stored: readonly Pick<BlobRow, 'id' | 'slot'>[],
): Presence {
  const evidence = body as ChallengeEvidence | null;
  const selfie = stored.find(({ slot }) => slot === 'selfie');
  const answers = evidence?.answers.filter(({ selfieBlob }) => selfieBlob === selfie?.id) ?? [];
  const last = answers.at(-1);
  if (!last) return { outcome: null, signs: [] };
  const before = answers.slice(0, -1).flatMap(({ signs }) => signs.filter((sign) => LASTING.includes(sign)));
  const signs = [...new Set([...last.signs, ...before])];
  if (signs.length > 0) return { outcome: 'fail', signs };
  return { outcome: last.outcome === 'pass' ? 'pass' : null, signs };
}
