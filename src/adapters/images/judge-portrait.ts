import type { ReasonCode } from '../../domain/reasons.js';
import type { PortraitMeasures } from '../face/measure-portrait.js';
import type { Judgement } from './judge-document.js';

/** Set so that next to nobody is asked for another picture without need, see docs/recognition.md. */
const LIMITS = {
  /** Degrees of the pose network: a face that looks aside or down shows too little of itself. */
  yaw: 40,
  pitch: 40,
  /** Surety that the more open eye is closed. Open eyes: median 0.00; lids painted over: 0.9 and above. */
  eyesClosed: 0.97,
  /** Structure of the parts of a face. In view: median 0.34 and 0.40; 1 in 100 press photographs lies below each. */
  eyes: 0.05,
  mouth: 0.16,
} as const;

const rounded = (value: number): number => Math.round(value * 100) / 100;

/** Judges how a face is shown (ISO/IEC 29794-5: pose, eyes open, occlusion), where it is large, sharp and lit well enough. */
export function judgePortrait({ yaw, pitch, eyesClosed, structure }: PortraitMeasures): Judgement {
  const reasons: ReasonCode[] = [];
  if (Math.abs(yaw) > LIMITS.yaw || Math.abs(pitch) > LIMITS.pitch) reasons.push('selfie_not_frontal');
  else {
    if (eyesClosed > LIMITS.eyesClosed || structure.eyes < LIMITS.eyes) reasons.push('selfie_eyes_closed');
    if (structure.mouth < LIMITS.mouth) reasons.push('selfie_low_quality');
  }
  return {
    reasons,
    quality: {
      face_yaw: rounded(yaw),
      face_pitch: rounded(pitch),
      eyes_closed: rounded(eyesClosed),
      eyes_structure: rounded(structure.eyes),
      mouth_structure: rounded(structure.mouth),
    },
  };
}
