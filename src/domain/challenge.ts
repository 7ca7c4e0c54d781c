import type { ReasonCode } from './reasons.js';

/** Which way a head is turned, as its owner says it: `left` is the learner's own left. */
export const POSES = ['front', 'left', 'right', 'up', 'down'] as const;
export type Pose = (typeof POSES)[number];
type Turn = Exclude<Pose, 'front'>;
const TURNS: readonly Turn[] = ['left', 'right', 'up', 'down'];

export const CHALLENGE_LIMITS = {
  /** Turns of one challenge, after a look to the front: 36 orders, of which a recording holds one. */
  turns: 3,
  /** Frames of one answer: the poses and what lies between them. */
  maxFrames: 16,
  /** Bytes of one frame. */
  maxFrameBytes: 2 * 1024 * 1024,
  /** Challenges an attempt: who knows the next order only, cannot wait for one that was recorded. */
  perAttempt: 5,
  /** Real milliseconds within which a challenge is answered. */
  lifetime: 3 * 60_000,
} as const;

/**
 * Draws a random order of poses: a look to the front, against which the others are measured, then turns of which no two that follow each
 * other are alike.
 *
 * @param pick gives a random whole number from 0 to below its argument
 */
export function drawPoses(pick: (below: number) => number): readonly Pose[] {
  const poses: Pose[] = ['front'];
  while (poses.length <= CHALLENGE_LIMITS.turns) {
    const others = TURNS.filter((turn) => turn !== poses.at(-1));
    poses.push(others[pick(others.length)] ?? 'left');
  }
  return poses;
}

/** What was seen in one frame. Angles in degrees, as the pose network scales them. */
export interface FrameEvidence {
  /** Faces that count as persons. */
  readonly faces: number;
  /** Grows as the head turns to its owner's right; `null` without a face. */
  readonly yaw: number | null;
  /** Grows as the chin goes up. */
  readonly pitch: number | null;
  /** Similarity to the selfie, 0–1. */
  readonly similarity: number | null;
  /** Mean change of brightness against the likest of the frames before, 0–255; `null` for the first. */
  readonly change: number | null;
  /** Share of the places where there is something to be seen that are the same to the last grain as in the frame before; `null` for the first. */
  readonly frozen: number | null;
  /** Milliseconds since the first frame, as the camera says. */
  readonly at: number;
}

/** What an answer to a challenge gives away. */
export type ChallengeSign =
  'other_person' | 'wrong_order' | 'repeated_frame' | 'frozen_picture' | 'impossible_time';

export interface ChallengeJudgement {
  /** `uncertain`: nobody, or more than one person, was seen well enough to say anything. */
  readonly outcome: 'pass' | 'fail' | 'uncertain';
  readonly signs: readonly ChallengeSign[];
}

export interface ChallengeRules {
  /** Similarity to the selfie below which a frame shows somebody else. Turned heads score lower: this is no pass mark. */
  readonly otherPerson: number;
}

/**
 * Turns against the look to the front, in degrees of the pose network, from which they count. On photographs of seven persons that were turned
 * by 34 degrees sideways and 26 up and down, it answers with 15 to 52, and with 1 to 23. A head that turns sideways is seen to nod as
 * well, by 11 degrees at the most, so that the side counts first.
 */
const LEAST_TURN = { yaw: 8, pitch: 4 } as const;
const NOD_OVER_TURN = 3;
/** Mean change of brightness below which two frames are one: a camera's own noise is above it, and so is any movement. */
const SAME_FRAME = 0.08;
/** Share of a picture that no camera takes twice without a change, but somebody who moves a face in a photograph leaves alone. */
const FROZEN_SHARE = 0.3;
/** Milliseconds by which the clocks of camera and server may differ over one challenge. */
const CLOCK_TOLERANCE = 2_000;

/** The pose of a frame against the look to the front; `null` between two of them. */
export function poseOf(frame: FrameEvidence, front: FrameEvidence): Pose | null {
  if (frame.yaw === null || frame.pitch === null || front.yaw === null || front.pitch === null) return null;
  const yaw = frame.yaw - front.yaw;
  const pitch = frame.pitch - front.pitch;
  const [sideways, nodding] = [Math.abs(yaw) / LEAST_TURN.yaw, Math.abs(pitch) / LEAST_TURN.pitch];
  if (sideways >= 1 && nodding < NOD_OVER_TURN * sideways) return yaw > 0 ? 'right' : 'left';
  if (nodding >= 1) return pitch > 0 ? 'up' : 'down';
  return sideways < 0.6 && nodding < 0.6 ? 'front' : null;
}

/** The turns that frames show, one after the other; looks to the front and what lies between poses are left out. */
function turnsOf(frames: readonly FrameEvidence[], front: FrameEvidence): readonly Pose[] {
  const turns: Pose[] = [];
  let last: Pose | null = 'front';
  for (const frame of frames) {
    const pose = poseOf(frame, front);
    if (pose === null) continue;
    if (pose !== 'front' && pose !== last) turns.push(pose);
    last = pose;
  }
  return turns;
}

/**
 * Judges the frames that answer a challenge. Evidence for a person who looks, and never for an approval: whoever can animate a
 * photograph in time passes.
 *
 * @param frames in the order in which they were taken
 * @param answeredAfter real milliseconds from the challenge to its answer
 */
export function judgeChallenge(
  poses: readonly Pose[],
  frames: readonly FrameEvidence[],
  answeredAfter: number,
  { otherPerson }: ChallengeRules,
): ChallengeJudgement {
  const signs: ChallengeSign[] = [];
  if (frames.some(({ change }) => change !== null && change < SAME_FRAME)) signs.push('repeated_frame');
  const later = frames.slice(1);
  // In all of them: a good camera in good light may well come near to it once.
  if (later.length > 0 && later.every(({ frozen }) => frozen !== null && frozen > FROZEN_SHARE))
    signs.push('frozen_picture');
  const isOrdered = frames.every(({ at }, index) => index === 0 || at > (frames[index - 1]?.at ?? 0));
  if (!isOrdered || (frames.at(-1)?.at ?? 0) > answeredAfter + CLOCK_TOLERANCE) signs.push('impossible_time');
  if (frames.some(({ similarity }) => similarity !== null && similarity < otherPerson))
    signs.push('other_person');

  const [front] = frames;
  const isSeen = front !== undefined && frames.every(({ faces, yaw }) => faces === 1 && yaw !== null);
  const wanted = poses.filter((pose) => pose !== 'front');
  if (isSeen && turnsOf(frames, front).join() !== wanted.join()) signs.push('wrong_order');
  if (signs.length > 0) return { outcome: 'fail', signs };
  return { outcome: isSeen ? 'pass' : 'uncertain', signs };
}

const REASONS: Readonly<Record<ChallengeSign, ReasonCode>> = {
  other_person: 'presentation_attack_suspected',
  wrong_order: 'presentation_attack_suspected',
  repeated_frame: 'capture_injection_suspected',
  frozen_picture: 'capture_injection_suspected',
  impossible_time: 'capture_injection_suspected',
};

/** What a person is told of the signs of an answer. */
export const suspicionsOf = (signs: readonly ChallengeSign[]): readonly ReasonCode[] => [
  ...new Set(signs.map((sign) => REASONS[sign])),
];
