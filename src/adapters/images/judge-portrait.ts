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
} as const;

const rounded = (value: number): number => Math.round(value * 100) / 100;

/** Judges how a face is shown (ISO/IEC 29794-5: pose, eyes open), where it is large, sharp and lit well enough. */
export function judgePortrait({ yaw, pitch, eyesClosed }: PortraitMeasures): Judgement {
  const reasons: ReasonCode[] = [];
  if (Math.abs(yaw) > LIMITS.yaw || Math.abs(pitch) > LIMITS.pitch) reasons.push('selfie_not_frontal');
  else if (eyesClosed > LIMITS.eyesClosed) reasons.push('selfie_eyes_closed');
  return {
    reasons,
    quality: { face_yaw: rounded(yaw), face_pitch: rounded(pitch), eyes_closed: rounded(eyesClosed) },
  };
}
