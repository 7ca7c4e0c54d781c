import type { ReasonCode } from './reasons.js';

/** Measures of a selfie that speak for or against a living person in front of the camera. */
export interface CaptureCues {
  /** How much a face looks like one that was photographed and not like a picture of one, 0–1; `null` where it could not be told. */
  readonly liveness: number | null;
  /** Strongest regular pattern in the face against what else there is of its fineness; dots of print and grids of screens have one. */
  readonly pattern: number | null;
}

/** What the file that was uploaded says, before it is encoded anew. */
export interface FileCues {
  /** It names a program that makes or alters pictures of faces. */
  readonly altered: boolean;
}

/**
 * Where a person is asked to look. A single picture proves no presence, and these cues find clumsy attacks only: they approve nobody and
 * decline nobody. Set so that next to no honest selfie is caught; rates by kind of attack in docs/recognition.md.
 */
const SUSPICIOUS = {
  /** Below it lay 2 of 50 press photographs, none of 14 selfies, and nearly half of the pictures of a print. */
  liveness: 0.02,
  /** Faces of living people reach 10, compressed to whatever quality; halftone dots begin at 20. */
  pattern: 15,
} as const;

/** What a person is told of a selfie. Of a file that was taken in before its words were looked at, nothing is known. */
export function suspicionsOfSelfie({
  liveness,
  pattern,
  altered = false,
}: CaptureCues & Partial<FileCues>): readonly ReasonCode[] {
  const isPictureOfPicture =
    (liveness !== null && liveness < SUSPICIOUS.liveness) ||
    (pattern !== null && pattern > SUSPICIOUS.pattern);
  return [
    ...(isPictureOfPicture ? (['presentation_attack_suspected'] as const) : []),
    ...(altered ? (['capture_injection_suspected'] as const) : []),
  ];
}
