/**
 * Operating points of the face comparison. Scores are cosine similarities clamped to 0–1; measured on LFW, see docs/recognition.md.
 * A false match lets a stranger in, a false non-match costs a person's look: hence the band in between.
 */
export const FACE_POLICY = {
  /**
   * Above it the two faces count as one person without anybody's look. A model of the highest impostor scores bounds false matches by 1 in
   * 10,000 (one-sided 95 %) from 0.391 on between two photographs, and from 0.353 on between a photograph and a print, which is what the
   * service compares: the difference is room for pairs that are harder than those that were measured.
   */
  pass: 0.392,
  /** From here up to `pass` a person decides; below it the faces count as two persons: so did 1 of 450 printed portraits of one. */
  uncertain: 0.3,
  /** Height of a face in pixels below which a selfie is refused: templates of smaller faces are weak. */
  minFaceHeight: 80,
  /** A second face counts as another person in the picture, and not as background, from this share of the largest one's height. */
  companionShare: 0.4,
} as const;

export type FaceVerdict = 'pass' | 'uncertain' | 'fail';

/**
 * What a similarity score (0–1) means; `null`, where a picture shows no face, is never more than `uncertain`,
 * since nothing was compared.
 */
export function judgeFaceScore(score: number | null): FaceVerdict {
  if (score === null) return 'uncertain';
  if (score > FACE_POLICY.pass) return 'pass';
  return score >= FACE_POLICY.uncertain ? 'uncertain' : 'fail';
}
