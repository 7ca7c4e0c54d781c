import { FACE_POLICY } from '../../../domain/face-policy.js';
import { similarity } from '../template.js';

/**
 * dlib's templates lie close together: two persons have a cosine of 0.85. Its operating points, measured on LFW-10 as it is and with one
 * side as printed (13,500 impostor pairs): about 1 in 100 of them reached the first, none the second.
 */
const OPERATING_POINTS = { uncertain: 0.905, pass: 0.94 } as const;

/** Cosines and what they are on the scale of `FACE_POLICY`, on which every engine's score is judged; straight lines between. */
const SCALE: readonly (readonly [cosine: number, score: number])[] = [
  [0, 0],
  [OPERATING_POINTS.uncertain, FACE_POLICY.uncertain],
  [OPERATING_POINTS.pass, FACE_POLICY.pass],
  [1, 1],
];

/** A cosine of 0–1 of two templates of dlib on the scale of `FACE_POLICY`. */
export function toPolicyScale(cosine: number): number {
  const above = Math.max(
    1,
    SCALE.findIndex(([point]) => point >= cosine),
  );
  const [low, scoreLow] = SCALE[above - 1] ?? [0, 0];
  const [high, scoreHigh] = SCALE[above] ?? [1, 1];
  return scoreLow + ((cosine - low) / (high - low)) * (scoreHigh - scoreLow);
}

/** Similarity of two L2-normalised templates of dlib on the scale of `FACE_POLICY`: 0–1, higher = same person. */
export const scaledSimilarity = (a: Float32Array, b: Float32Array): number => toPolicyScale(similarity(a, b));
